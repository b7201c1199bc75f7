import { expect, test } from "vitest";
import { startServices } from "./services.ts";

test("the four programs make a Signet that is ready, stops in order and starts again", async () => {
  const signet = await startServices();
  const reply = await fetch(`${signet.url}/.well-known/openid-configuration`);
  expect(reply.status).toBe(200);
  await signet.restart();
  await signet.stop();
  expect(await Promise.all(Object.values(signet.programs).map((program) => program.ended()))).toEqual([0, 0, 0, 0]);
});
