import { type Application, newApplication, obtainTokens, type Signet, startSignet, userinfo } from "@signet/testkit";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { invalidToken, outcome } from "./outcomes.ts";

let signet: Signet;
let signed: Application;
let plain: Application;
beforeAll(async () => {
  signet = await startSignet();
  plain = await newApplication(signet);
  signed = await newApplication(signet, { metadata: { userinfo_signed_response_alg: "ES256" } });
});
afterAll(() => signet.stop());

const url = () => `${signet.url}/oauth2/v1/userinfo`;

test("a client that is registered so gets its claims as a JWT, by GET and by POST, with the token in the header or in the form", async () => {
  const { access_token } = await obtainTokens(signed, { scope: "openid profile" });
  const headers = { Authorization: `Bearer ${access_token}` };
  const keys = createRemoteJWKSet(new URL(`${signet.url}/oauth2/v1/certs`));
  for (const init of [
    { headers },
    { method: "POST", headers },
    { method: "POST", body: new URLSearchParams({ access_token }) },
    { headers: { ...headers, Accept: "application/json" } },
  ]) {
    const reply = await fetch(url(), init);
    expect([reply.status, reply.headers.get("Content-Type")]).toEqual([200, "application/jwt"]);
    expect([reply.headers.get("Cache-Control"), reply.headers.get("Access-Control-Allow-Origin")]).toEqual(["no-store", "*"]);
    const expected = { issuer: signet.url, audience: signed.client.client_id, algorithms: ["ES256"] };
    const { payload } = await jwtVerify(await reply.text(), keys, expected);
    expect(payload).toMatchObject({ sub: expect.any(String), name: "Administrator" });
  }
});

test("every other client gets JSON, whatever it accepts", async () => {
  const { access_token } = await obtainTokens(plain, { scope: "openid" });
  const headers = { Authorization: `Bearer ${access_token}`, Accept: "application/jwt" };
  const reply = await fetch(url(), { headers });
  expect(reply.headers.get("Content-Type")).toBe("application/json;charset=UTF-8");
  expect(Object.keys(JSON.parse(await reply.text()))).toEqual(["sub"]);
});

test("an error is JSON for every client (OpenID Connect Core section 5.3.3)", async () => {
  const { id_token } = await obtainTokens(signed, { scope: "openid" });
  expect(await outcome(userinfo(signet.url, id_token))).toEqual(invalidToken);
});

test("the challenge names what is wrong with a token that was sent, also in the form; where none was, it names nothing (RFC 6750 section 3.1)", async () => {
  const challenges = await Promise.all(
    [
      { headers: { Authorization: "Bearer x.y.z" } },
      { method: "POST", body: new URLSearchParams({ access_token: "x.y.z" }) },
      {},
      { method: "POST", body: new URLSearchParams({ other: "x" }) },
    ].map(async (init) => (await fetch(url(), init)).headers.get("WWW-Authenticate")),
  );
  const named = expect.stringMatching(/^Bearer realm="signet", error="invalid_token", error_description="[^"]+"$/);
  const bare = 'Bearer realm="signet"';
  expect(challenges).toEqual([named, named, bare, bare]);
});
