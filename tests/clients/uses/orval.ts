import { updateRcExtension } from "./client";
import { payload, report, server, token } from "./request";

// What it makes asks for a path, as a page of the same server would.
const usual = globalThis.fetch;
globalThis.fetch = (path, options) => usual(new URL(String(path), server), options);
const answer = await updateRcExtension({ payload }, { headers: { Authorization: `Bearer ${token}` } });
report(answer.status, answer.data);
