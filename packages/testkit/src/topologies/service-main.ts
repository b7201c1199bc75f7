/**
 * One service as its `main.ts` runs it, on the clock that a test moves: `node service-main.ts <app> <file of the clock> <astray>`. Its machine's clock is
 * so many milliseconds astray, and MongoDB's and Redis' are not.
 */
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import type { App } from "@signet/config";
import { agreedClock, runProgram } from "@signet/process";
import { later } from "@signet/protocol";
import { shownIn } from "../clockwork.ts";

const programs: Partial<Record<App, (clock: ReturnType<typeof shownIn>) => Promise<void>>> = {
  "client-registry": async (clock) => runProgram("client-registry", (await import("@signet/client-registry/start")).start, clock),
  auth: async (clock) => runProgram("auth", (await import("@signet/auth/start")).start, clock),
  token: async (clock) => runProgram("token", (await import("@signet/token/start")).start, clock),
  gateway: async (clock) => runProgram("gateway", (await import("@signet/gateway/start")).start, clock),
};

enableCompileCache(fileURLToPath(new URL("../../../../node_modules/.cache/signet", import.meta.url)));
// Taken out: the program reads its own arguments, of which it gets none.
const [app, path, astray] = process.argv.splice(2, 3);
const program = Object.entries(programs).find(([name]) => name === app)?.[1];
if (program === undefined || path === undefined) throw new Error("usage: service-main.ts <app> <file of the clock> <astray>");
const right = shownIn(path);
await program(agreedClock({ own: () => later(right(), Number(astray)), others: [right, right] }));
