import {
  authorizationUrl,
  newPkce,
  redirectUri,
  registerClient,
  type Signet,
  signIn,
  startSignet,
  tokenRequest,
  userAgent,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let signet: Signet;
beforeAll(async () => {
  signet = await startSignet();
});
afterAll(() => signet.stop());

describe("an application signs a person in", () => {
  test("from the first redirect to the person's name, and again without a page", async () => {
    const client = await registerClient(signet);
    const agent = userAgent(signet.url);
    const pkce = newPkce();
    const request = authorizationUrl(signet.url, client, {
      scope: "openid profile offline_access",
      nonce: "a-nonce",
      code_challenge: pkce.challenge,
      code_challenge_method: "S256",
    });

    const callback = await signIn(agent, await agent.open(request), { username: "admin", password: signet.adminPassword });
    expect(Object.fromEntries(callback.searchParams)).toEqual({
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: "a-state",
      iss: signet.url,
    });

    const reply = await tokenRequest(signet.url, client, {
      grant_type: "authorization_code",
      code: callback.searchParams.get("code") ?? "",
      redirect_uri: redirectUri,
      code_verifier: pkce.verifier,
    });
    expect(reply.status).toBe(200);
    const tokens = JSON.parse(await reply.text());
    expect(tokens).toMatchObject({ token_type: "Bearer", expires_in: 3600, refresh_token: expect.stringMatching(/^[\w-]{64}$/) });

    const userinfo = await fetch(`${signet.url}/oauth2/v1/userinfo`, {
      headers: { Authorization: `Bearer ${tokens.access_token}` },
    });
    expect(await userinfo.json()).toMatchObject({ name: "Administrator", preferred_username: "admin" });

    const again = await agent.open(request);
    expect(again.callback?.searchParams.has("code")).toBe(true);
  });
});
