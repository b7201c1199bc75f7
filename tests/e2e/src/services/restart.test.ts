import { newApplication } from "@signet/testkit";
import { expect, test } from "vitest";
import { rpcServices } from "./deployed.ts";
import { startLoad } from "./load.ts";
import { runningServices } from "./running-services.ts";

// Not 50: the start of a process takes half a second and more of this machine's time. 50 pass as well.
const restarts = 24;
const running = runningServices(async () => ({ environment: { SIGNET_REFRESH_GRACE_MS: "60000" } }));

test("X12: of 24 restarts of gRPC services amid requests none fails a client that safely tries again", {
  timeout: 240_000,
}, async () => {
  const signet = running();
  const application = await newApplication(signet);
  const load = await startLoad(signet, application, 2);
  for (let count = 0; count < restarts; count++) {
    const name = rpcServices[count % rpcServices.length] ?? "token";
    await load.servedByAll();
    const program = signet.programs[name];
    program.signal("SIGTERM");
    expect(await program.ended()).toBe(0);
    signet.startAgain(name);
    await load.servedByAll();
  }
  await load.stop();
  await load.expectNothingLost();
});
