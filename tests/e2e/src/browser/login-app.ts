import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { freePort } from "@signet/testkit";

/** The example application, as `npm run example` starts it. */
export interface LoginApp {
  readonly url: string;
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL("../../../../examples/login-app/src/main.ts", import.meta.url));

/** Starts it on a free port against the Signet at `issuer`, whose data are in `dataDir`, with more of an `environment`; ready once it serves. */
export async function startLoginApp(
  issuer: string,
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<LoginApp> {
  const port = await freePort();
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ISSUER: issuer, PORT: String(port), SIGNET_DATA_DIR: dataDir, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const serving = once(child.stdout, "data");
  await Promise.race([serving, ended.then(() => Promise.reject(new Error("the example did not start")))]);
  return {
    url: `http://localhost:${port}/`,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
