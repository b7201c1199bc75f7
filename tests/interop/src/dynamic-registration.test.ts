import { administer, createTenant, createUser, redirectUri, type Signet, signIn, startSignet, userAgent } from "@signet/testkit";
import * as oauth from "oauth4webapi";
import * as oidc from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let signet: Signet;
let home: Awaited<ReturnType<typeof createTenant<Signet>>>;
beforeAll(async () => {
  signet = await startSignet();
  home = await createTenant(signet, "registering-programs");
  await administer(signet, "POST", `/${home.name}/oidc`, { dynamic_registration: { mode: "initial_access_token" } });
});
afterAll(() => signet.stop());

async function initialAccessToken(): Promise<string> {
  const { token } = await administer(signet, "POST", `/${home.name}/oidc/initial-access-tokens`, {});
  return String(token);
}

describe("a program that knows nothing but the issuer and an initial access token", () => {
  test.each([
    { method: "client_secret_post", authentication: undefined },
    { method: "client_secret_basic", authentication: oidc.ClientSecretBasic() },
    { method: "none", authentication: oidc.None() },
  ])("registers itself by openid-client and signs somebody in: $method", async ({ method, authentication }) => {
    const metadata = {
      redirect_uris: [redirectUri],
      client_name: "A program",
      token_endpoint_auth_method: method,
      grant_types: ["authorization_code", "refresh_token"],
    };
    const options = { initialAccessToken: await initialAccessToken(), execute: [oidc.allowInsecureRequests] };
    const config = await oidc.dynamicClientRegistration(new URL(home.issuer), metadata, authentication, options);
    expect(config.clientMetadata()).toMatchObject(metadata);

    const person = await createUser(home, `registered-by-${method.replaceAll("_", "-")}`);
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const expectedState = oidc.randomState();
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: "openid offline_access",
      state: expectedState,
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
    });
    const agent = userAgent(signet.url);
    const callback = await signIn(agent, await agent.open(url.href), person);
    const tokens = await oidc.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedState });
    expect(tokens.claims()?.sub).toBe(person.id);
    const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? "");
    await oidc.fetchUserInfo(config, refreshed.access_token, person.id);
  });

  test("registers itself by oauth4webapi, and hears of what is refused", async () => {
    const insecure = { [oauth.allowInsecureRequests]: true };
    const issuer = new URL(home.issuer);
    for (const algorithm of ["oidc", "oauth2"] as const) {
      const found = await oauth.discoveryRequest(issuer, { algorithm, ...insecure });
      const server = await oauth.processDiscoveryResponse(issuer, found);
      const token = { initialAccessToken: await initialAccessToken(), ...insecure };
      const refused = oauth.dynamicClientRegistrationRequest(server, { redirect_uris: [] }, token);
      await expect(refused.then(oauth.processDynamicClientRegistrationResponse)).rejects.toMatchObject({
        error: "invalid_redirect_uri",
        status: 400,
      });
      const reply = await oauth.dynamicClientRegistrationRequest(server, { redirect_uris: [redirectUri] }, token);
      const client = await oauth.processDynamicClientRegistrationResponse(reply);
      expect(client).toMatchObject({ client_secret: expect.any(String), client_secret_expires_at: 0 });
      const again = oauth.dynamicClientRegistrationRequest(server, { redirect_uris: [redirectUri] }, token);
      await expect(again.then(oauth.processDynamicClientRegistrationResponse)).rejects.toMatchObject({ status: 401 });
    }
  });
});
