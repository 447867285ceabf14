// Prism as a proxy that compares what passes with a description and says what does not fit.
import { spawn } from "node:child_process";
import http from "node:http";

const program = new URL("node_modules/.bin/prism", import.meta.url).pathname;

export class Prism {
  // Starts it before the server at `upstream`, on a free port.
  static async start(document, upstream) {
    const prism = new Prism();
    prism.process = spawn(
      process.execPath,
      [program, "proxy", document, upstream, "--port=0", "--cors=false"],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    prism.port = await new Promise((resolve, reject) => {
      let said = "";
      prism.process.stdout.on("data", (bytes) => {
        if (prism.port === undefined) {
          said += bytes;
          const match = said.match(/listening on http:\/\/[^:]+:(\d+)/);
          if (match) resolve((prism.port = match[1]));
        }
      });
      prism.process.once("exit", () => reject(new Error(`Prism did not start: ${said}`)));
    });
    return prism;
  }

  // What the server answered to {method, path, headers, body}, and what does not fit, as Prism says
  // it: {status, headers, body, ofRequest: [violation…], ofAnswer: [violation…]}.
  exchange(request) {
    return new Promise((resolve, reject) => {
      const sent = http.request(
        { port: this.port, host: "127.0.0.1", agent: this.agent, timeout: 20_000, ...request },
        (answer) => {
          const parts = [];
          answer.on("data", (bytes) => parts.push(bytes));
          answer.on("error", reject);
          answer.on("end", () =>
            resolve({
              status: answer.statusCode,
              headers: answer.headers,
              body: Buffer.concat(parts).toString(),
              ...violations(answer.headers["sl-violations"]),
            }),
          );
        },
      );
      sent.on("timeout", () => sent.destroy(new Error("no answer within 20 s")));
      sent.on("error", reject);
      sent.end(request.body);
    });
  }

  async stop() {
    this.agent.destroy();
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill();
    await ended;
  }

  agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
}

// A list too long for a header is cut, and is no JSON then.
function violations(header) {
  if (header === undefined) return { ofRequest: [], ofAnswer: [] };
  if (!header.startsWith("[")) {
    const rest = { location: ["response"], message: header };
    return { ofRequest: [rest], ofAnswer: [rest] };
  }
  const all = JSON.parse(header);
  return {
    ofRequest: all.filter((violation) => violation.location[0] === "request"),
    ofAnswer: all.filter((violation) => violation.location[0] === "response"),
  };
}
