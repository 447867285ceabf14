// A browser that does as a test says, and the server of the pages that it shows. `GET /` is a page,
// `GET /framed` one with a frame that is sandboxed, so that its origin is `null`. `POST /` orders a
// fetch: {page, isFramed, url, init, json}, with `json` as the body; the answer is what the page's
// script saw, as text:
//
//   200                   or   failed: TypeError: …
//   name: value                what the browser told its console of it
//   …
//
//   the body
import http from "node:http";
import { text } from "node:stream/consumers";
import { chromium } from "playwright-core";

const documents = {
  "/": "<!doctype html><title>A page</title>",
  "/framed": '<!doctype html><title>A frame</title><iframe sandbox=allow-scripts src="/"></iframe>',
};

// The pages are the test's own, so nothing needs Chromium's sandbox, which root cannot have.
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  chromiumSandbox: false,
  args: ["--no-proxy-server"],
  handleSIGTERM: false,
});
const context = await browser.newContext();
const pages = new Map();

async function pageAt(url) {
  if (!pages.has(url)) {
    const page = await context.newPage();
    await page.goto(url);
    pages.set(url, page);
  }
  return pages.get(url);
}

// Runs in the page.
async function seenByScript({ url, init }) {
  try {
    const answer = await fetch(url, init);
    const fields = [...answer.headers].map(([name, value]) => `${name}: ${value}\n`).join("");
    return `${answer.status}\n${fields}\n${await answer.text()}`;
  } catch (error) {
    return `failed: ${error}\n`;
  }
}

async function carryOut({ page: address, isFramed, url, init, json }) {
  const page = await pageAt(address);
  const script = isFramed ? page.frames()[1] : page;
  const told = page
    .waitForEvent("console", {
      predicate: (message) => message.text().includes(url),
      timeout: 10_000,
    })
    .then((message) => message.text(), () => "and the console says nothing");
  const body = json === undefined ? undefined : JSON.stringify(json);
  const seen = await script.evaluate(seenByScript, { url, init: { ...init, body } });
  return seen.startsWith("failed") ? seen + (await told) : seen;
}

const server = http.createServer(async (request, response) => {
  try {
    const isOrder = request.method === "POST";
    const body = isOrder ? await carryOut(JSON.parse(await text(request))) : documents[request.url];
    const type = isOrder ? "text/plain" : "text/html";
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": type }).end(body);
  } catch (error) {
    response.writeHead(500).end(`${error}`);
  }
});
server.listen(0, "127.0.0.1", () => console.error(`port ${server.address().port} ready`));

process.once("SIGTERM", async () => {
  await browser.close();
  process.exit(0);
});
