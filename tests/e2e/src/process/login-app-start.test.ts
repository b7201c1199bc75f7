import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { freePort } from "@signet/testkit";
import { expect, onTestFinished, test } from "vitest";
import { startLoginApp } from "../browser/login-app.ts";
import { newDataDir, startReady } from "./processes.ts";

const main = fileURLToPath(new URL("../../../../examples/login-app/src/main.ts", import.meta.url));

/** Starts the example application where it cannot come up; what it says of that, and what it ends with. */
async function failedExample(environment: Readonly<Record<string, string>>): Promise<{ said: string; exitCode: unknown }> {
  const child = spawn(process.execPath, [main], { env: { ...process.env, ...environment }, stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [said, [exitCode]] = await Promise.all([text(child.stderr), once(child, "close")]);
  return { said, exitCode };
}

test("the example says in one line that no Signet answers, or that none has been in the folder", async () => {
  const dataDir = await newDataDir();
  const issuer = `http://localhost:${await freePort()}`;
  const without = await failedExample({ ISSUER: issuer, SIGNET_DATA_DIR: dirname(dataDir) });
  expect(without).toEqual({ exitCode: 1, said: expect.stringMatching(/^example: There is no Signet in this folder yet: .+\n$/) });

  await startReady({ SIGNET_DATA_DIR: dataDir });
  const elsewhere = await failedExample({ ISSUER: issuer, SIGNET_DATA_DIR: dataDir });
  expect(elsewhere).toEqual({
    exitCode: 1,
    said: `example: No Signet answers at ${issuer}: run \`npm start\` first, or set ISSUER.\n`,
  });
});

test("the example says in one line that its port is in use", async () => {
  const dataDir = await newDataDir();
  const signet = await startReady({ SIGNET_DATA_DIR: dataDir });
  const taken = await freePort();
  const other = createServer().listen(taken);
  await once(other, "listening");
  onTestFinished(() => new Promise((resolve) => void other.close(() => resolve())));
  const { said, exitCode } = await failedExample({ ISSUER: signet.url, SIGNET_DATA_DIR: dataDir, PORT: String(taken) });
  expect({ said, exitCode }).toEqual({
    exitCode: 1,
    said: expect.stringMatching(/^example: .+EADDRINUSE.+: set PORT to a free one\n$/),
  });
});

test("the example takes the registration token from the environment, and has one client however often it starts", async () => {
  const dataDir = await newDataDir();
  const signet = await startReady({ SIGNET_DATA_DIR: dataDir });
  const token = await readFile(`${dataDir}/registration-token`, "utf8");
  const environment = { REGISTRATION_TOKEN: token, PORT: String(await freePort()) };
  for (let start = 0; start < 2; start++) {
    const example = await startLoginApp(signet.url, dirname(dataDir), environment);
    await example.stop();
  }
  const headers = { Authorization: `Bearer ${token.trim()}` };
  const clients = await fetch(`${signet.url}/v1/oidc/default/registration`, { headers });
  expect(await clients.json()).toEqual([expect.objectContaining({ client_name: "Example application" })]);
});
