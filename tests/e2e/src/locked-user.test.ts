import {
  administer,
  createUser,
  newApplication,
  obtainCode,
  obtainTokens,
  redeem,
  refresh,
  type Signet,
  startSignet,
  userAgent,
  userinfo,
} from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";

let signet: Signet;
beforeAll(async () => {
  signet = await startSignet();
});
afterAll(() => signet.stop());

test("K5: a locked user is refused by every grant, at userinfo and at the sign-in page, and with a session that was there before", async () => {
  const person = await createUser(signet, "locked");
  const application = await newApplication(signet, { person });
  const tokens = await obtainTokens(application);
  const code = await obtainCode(application, { scope: "openid offline_access" });
  await administer(signet, "PATCH", `/default/users/${person.id}`, { blocked: true });

  for (const reply of [await redeem(application, code), await refresh(application, tokens.refresh_token)]) {
    expect([reply.status, JSON.parse(await reply.text()).error]).toEqual([400, "invalid_grant"]);
  }
  expect((await userinfo(application.issuer, tokens.access_token)).status).toBe(401);
  const agent = userAgent(signet.url);
  const visit = await agent.submit(await agent.open(`${signet.url}/`), { username: person.username, password: person.password });
  expect([visit.status, visit.heading]).toEqual([400, "Sign in"]);
  expect((await application.agent.open(`${signet.url}/`)).heading).toBe("Sign in");
});
