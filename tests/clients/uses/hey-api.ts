import { client } from "./client/client.gen";
import { updateRcExtension } from "./client";
import { payload, report, server, token } from "./request";

client.setConfig({ baseUrl: server, auth: token });
const { data, error, response } = await updateRcExtension({ body: { payload } });
report(response?.status, data ?? error);
