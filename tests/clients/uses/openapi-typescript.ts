import createClient from "openapi-fetch";
import type { paths } from "./client";
import { payload, report, server, token } from "./request";

const client = createClient<paths>({ baseUrl: server, headers: { Authorization: `Bearer ${token}` } });
const { data, error, response } = await client.PUT("/user/update-rcextension", { body: { payload } });
report(response.status, data ?? error);
