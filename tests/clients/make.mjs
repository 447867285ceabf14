// Makes a client of the description that a running server gives, as whoever writes programs against
// it would, checks it with the strictest rules of TypeScript, and has it make the documented PUT.
// Prints what the client was answered.
//
//   make.mjs GENERATOR, with the server and the request in SERVER, TOKEN, USER_ID and EXTENSION
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), "ringbook-client-"));

// By name: the program, and what it is told to make `client` of `openapi.json`.
const generators = {
  "openapi-typescript": ["openapi-typescript", "openapi.json", "-o", "client.ts"],
  orval: ["orval", "--input", "openapi.json", "--output", "client.ts", "--client", "fetch"],
  "hey-api": ["openapi-ts", "-i", "openapi.json", "-o", "client"],
  oazapfts: ["oazapfts", "openapi.json", "client.ts"],
  "rtk-query": ["rtk-query-codegen-openapi", "rtk-query.json"],
};

function run(program, ...words) {
  const ended = spawnSync(join(here, "node_modules/.bin", program), words, { cwd: folder, encoding: "utf8" });
  if (ended.status !== 0) {
    throw new Error(`${program} ended with ${ended.status ?? ended.error}\n${ended.stdout}${ended.stderr}`);
  }
  return ended.stdout;
}

const generator = process.argv[2];
try {
  symlinkSync(join(here, "node_modules"), join(folder, "node_modules"));
  for (const file of readdirSync(join(here, "uses"))) copyFileSync(join(here, "uses", file), join(folder, file));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(
    join(folder, "rtk-query.json"),
    JSON.stringify({ schemaFile: "./openapi.json", apiFile: "./empty.ts", apiImport: "empty", outputFile: "./client.ts", exportName: "api" }),
  );
  const description = await fetch(`${process.env.SERVER}/openapi.json`);
  writeFileSync(join(folder, "openapi.json"), await description.text());
  run(...generators[generator]);
  run("tsc", "--noEmit", "--strict", "--skipLibCheck", "--target", "es2023", "--module", "esnext",
    "--moduleResolution", "bundler", "--types", "node", `${generator}.ts`);
  process.stdout.write(run("tsx", `${generator}.ts`));
} catch (problem) {
  console.error(problem.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
