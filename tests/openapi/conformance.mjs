// Sends requests made from a seed through Prism to a running server, and compares each answer with
// the description that this server gives: 0 violations. Then a second Prism with a description that
// is wrong on purpose must object to each planted lie, or the first one's silence says nothing.
//
//   conformance.mjs SERVER SEED COUNT, with the tokens in ADMINISTRATOR and USER_TOKEN
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lies, withLies } from "./lies.mjs";
import { Prism } from "./prism.mjs";
import { Requests } from "./requests.mjs";

const [server, seed, count] = process.argv.slice(2);
const tokens = { administrator: process.env.ADMINISTRATOR, user: process.env.USER_TOKEN };
const folder = mkdtempSync(join(tmpdir(), "ringbook-openapi-"));

// What no request of these can bring about while the server is well.
const notProvoked = new Set(["431", "500", "503", "default"]);
// What the transport may refuse anywhere; the description has it as `default`.
const ofTransport = new Set([413, 414, 431]);

function operationsOf(description) {
  const operations = {};
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (method !== "parameters") {
        operations[operation.operationId] = { ...operation, path, method: method.toUpperCase() };
      }
    }
  }
  return operations;
}

function faultsOf(request, answer, operation) {
  const faults = answer.ofAnswer.map((violation) => `${violation.location.join(".")} ${violation.message}`);
  const { status, headers, body } = answer;
  if (headers["content-type"]?.startsWith("application/problem+json")) faults.push("Prism answered itself");
  if (!request.statuses.includes(status)) faults.push(`expected one of ${request.statuses}`);
  if (operation && !(status in operation.responses) && !ofTransport.has(status)) faults.push("the status is not described");
  if (!headers["x-request-id"]) faults.push("no X-Request-Id");
  if ([204, 304].includes(status) && body !== "") faults.push("a body");
  if (status === 405 && !headers.allow) faults.push("no Allow");
  const asked = request.headers["X-Request-Id"];
  // What is refused before the field was read has an id of its own.
  if (asked && !ofTransport.has(status) && headers["x-request-id"] !== asked) faults.push(`another X-Request-Id than ${asked}`);
  const objections = answer.ofRequest.map((violation) => violation.message).join("; ");
  if (request.fits === true && objections) faults.push(`the description refuses the request: ${objections}`);
  if (request.fits === false && !objections) faults.push("the description takes the request");
  if (status < 400 && objections) faults.push(`the server took what the description refuses: ${objections}`);
  return faults;
}

function shown(request, answer, faults) {
  return (
    `${request.operation}: ${request.method} ${request.path.slice(0, 200)} ${JSON.stringify(request.body ?? null).slice(0, 300)}\n` +
    `  answered ${answer.status} ${answer.body.slice(0, 400)}\n` + faults.map((fault) => `  ${fault}\n`).join("")
  );
}

async function compare(description, document) {
  const operations = operationsOf(description);
  const prism = await Prism.start(document, server);
  const requests = new Requests(Number(seed), tokens);
  const met = new Map();
  let failed = 0;
  for (let i = 0; i < Number(count); ++i) {
    const request = requests.next();
    const answer = await prism.exchange(request);
    requests.learn(request, answer);
    const key = `${request.operation} ${answer.status}`;
    met.set(key, (met.get(key) ?? 0) + 1);
    const faults = faultsOf(request, answer, operations[request.operation]);
    if (faults.length > 0 && ++failed <= 10) console.log(`request ${i}: ${shown(request, answer, faults)}`);
  }
  await prism.stop();
  const missing = Object.entries(operations).flatMap(([name, operation]) =>
    Object.keys(operation.responses)
      .filter((status) => !notProvoked.has(status) && !met.has(`${name} ${status}`))
      .map((status) => `${name} ${status}`),
  );
  if (missing.length > 0) console.log(`described, and never met: ${missing.join(", ")}`);
  console.log(`${count} requests, ${met.size} kinds of answers, ${failed} with violations`);
  return failed === 0 && missing.length === 0;
}

async function objectsToLies(description) {
  const document = join(folder, "lies.json");
  writeFileSync(document, JSON.stringify(withLies(description)));
  const prism = await Prism.start(document, server);
  let unseen = 0;
  for (const lie of lies) {
    const headers = { ...(lie.isOpen ? {} : { Authorization: `Bearer ${tokens.administrator}` }), ...lie.headers };
    const answer = await prism.exchange({ ...lie.request, headers });
    const said = answer.ofAnswer.map((violation) => `${violation.location.join(".")} ${violation.message}`).join("; ");
    if (answer.status !== lie.status || !lie.seen.test(said)) {
      ++unseen;
      console.log(`the lie "${lie.name}" was not seen: ${answer.status}, "${said}"`);
    }
  }
  await prism.stop();
  console.log(`${lies.length} lies, ${unseen} not seen`);
  return unseen === 0;
}

try {
  const description = await (await fetch(`${server}/openapi.json`)).json();
  const document = join(folder, "openapi.json");
  writeFileSync(document, JSON.stringify(description));
  const fits = await compare(description, document);
  const isAwake = await objectsToLies(description);
  process.exitCode = fits && isAwake ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
