import { defaults, updateRcExtension } from "./client";
import { payload, report, server, token } from "./request";

defaults.baseUrl = server;
defaults.headers = { Authorization: `Bearer ${token}` };
const answer = await updateRcExtension({ payload });
report(answer.status, answer.data);
