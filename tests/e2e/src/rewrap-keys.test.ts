import { createTenant, createUser, newApplication, obtainTokens, type Signet, startSignet } from "@signet/testkit";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { resultOf } from "./administration-request.ts";
import { type ApiRequest, expectError, send } from "./api-request.ts";

let signet: Signet;
beforeAll(async () => {
  signet = await startSignet();
});
afterAll(() => signet.stop());

function rewrap(request: ApiRequest = { headers: { "X-Auth-Token": signet.adminToken } }, { url } = signet) {
  return send(`${url}/v1/keys/rewrap`, { method: "POST", ...request });
}

test("a rewrap under the key-encryption key that is in use changes nothing, and counts every tenant's data keys", async () => {
  await obtainTokens(await newApplication(signet));
  await createTenant(signet, "acme");
  const current = { registry: { rewrapped: 0, current: 2, unreadable: 0 }, token: { rewrapped: 0, current: 1, unreadable: 0 } };
  expect(resultOf(await rewrap())).toStrictEqual(current);
  const umbrella = await createTenant(signet, "umbrella");
  await obtainTokens(await newApplication(umbrella, { person: await createUser(umbrella, "alice") }));
  expect(resultOf(await rewrap())).toStrictEqual({
    registry: { rewrapped: 0, current: 3, unreadable: 0 },
    token: { rewrapped: 0, current: 2, unreadable: 0 },
  });
});

test("more tenants than a page has are all counted", async () => {
  const crowded = await startSignet();
  onTestFinished(() => crowded.stop());
  for (let made = 0; made < 208; made += 16) {
    await Promise.all(Array.from({ length: 16 }, (_, index) => createTenant(crowded, `many-${made + index}`)));
  }
  const { registry } = resultOf(await rewrap({ headers: { "X-Auth-Token": crowded.adminToken } }, crowded));
  expect(registry).toStrictEqual({ rewrapped: 0, current: 209, unreadable: 0 });
});

test("a rewrap is the administrator's: 401 without the administration token, 400 with it twice", async () => {
  const { adminToken, registrationToken } = signet;
  const refused: Record<string, string>[] = [
    {},
    { "X-Auth-Token": "" },
    { "X-Auth-Token": adminToken.slice(0, -1) },
    { "X-Auth-Token": registrationToken },
    { Authorization: `Bearer ${registrationToken}` },
  ];
  for (const headers of refused) expectError(await rewrap({ headers }), 401, 1001);
  const both = { "X-Auth-Token": adminToken, Authorization: `Bearer ${adminToken}` };
  expectError(await rewrap({ headers: both }), 400, 1000);
});

test("a rewrap is asked for by POST alone", async () => {
  const reply = await rewrap({ method: "GET", headers: { "X-Auth-Token": signet.adminToken } });
  expectError(reply, 405, 1007);
  expect(reply.headers.allow).toBe("POST");
});
