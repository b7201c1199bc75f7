import {
  type Application,
  administer,
  authorizationUrl,
  clockwork,
  createTenant,
  createUser,
  type Home,
  newApplication,
  obtainCode,
  obtainTokens,
  redeem,
  refresh,
  type Signet,
  startSignet,
  tokenRequest,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorIn, granted, invalidGrant, invalidToken, outcome } from "./outcomes.ts";

const time = clockwork();
let signet: Signet;
let application: Application;
beforeAll(async () => {
  signet = await startSignet({ clockwork: time });
  application = await newApplication(signet, {
    metadata: { scopes: [{ name: "roles", desc: "Your roles", fields: ["roles"] }] },
  });
});
afterAll(() => signet.stop());

let tenants = 0;
/** A tenant with these settings, and an application of a person there. */
async function applicationWith(settings: Readonly<Record<string, unknown>>, metadata: Readonly<Record<string, unknown>> = {}) {
  const home: Home = await createTenant(signet, `tenant-${++tenants}`);
  await administer(signet, "POST", `/${home.name}/oidc`, settings);
  return newApplication(home, { person: await createUser(home, "alice"), metadata });
}

describe("a token reply", () => {
  test("has exactly the documented headers, whichever the grant", async () => {
    const code = await obtainCode(application, { scope: "openid offline_access" });
    const first = await redeem(application, code);
    const { refresh_token } = await tokensOf(first.clone());
    const replies = {
      code: first,
      refresh: await refresh(application, refresh_token),
      client: await tokenRequest(signet.url, application.client, { grant_type: "client_credentials" }),
      refusal: await tokenRequest(signet.url, application.client, { grant_type: "authorization_code" }),
      stranger: await tokenRequest(signet.url, { client_id: "nobody", client_secret: "x" }, { grant_type: "refresh_token" }),
    };
    for (const [kind, reply] of Object.entries(replies)) {
      const headers = ["Content-Type", "Cache-Control", "Pragma", "Access-Control-Allow-Origin", "X-Content-Type-Options"];
      expect([kind, ...headers.map((name) => reply.headers.get(name))]).toEqual([
        kind,
        "application/json;charset=UTF-8",
        "no-store",
        "no-cache",
        "*",
        "nosniff",
      ]);
      for (const absent of ["Set-Cookie", "Access-Control-Allow-Credentials", "ETag", "X-Powered-By", "Server"]) {
        expect([kind, absent, reply.headers.get(absent)]).toEqual([kind, absent, null]);
      }
    }
    expect(Object.values(replies).map(({ status }) => status)).toEqual([200, 200, 200, 400, 401]);
  });

  test("has exactly the members that it needs, in the documented order", async () => {
    const members = async (reply: Response) => Object.keys(JSON.parse(await reply.text()));
    const usual = ["access_token", "id_token", "token_type", "expires_in"];
    expect(await members(await redeem(application, await obtainCode(application)))).toEqual(usual);
    const offline = await redeem(application, await obtainCode(application, { scope: "openid offline_access" }));
    const { refresh_token } = await tokensOf(offline.clone());
    expect(await members(offline)).toEqual(["access_token", "id_token", "refresh_token", "token_type", "expires_in"]);
    expect(await members(await refresh(application, refresh_token))).toContain("refresh_token");
    const own = await tokenRequest(signet.url, application.client, { grant_type: "client_credentials", scope: "roles" });
    expect(await members(own)).toEqual(["access_token", "token_type", "expires_in"]);
  });

  test("names the scope only where it is not what was asked for", async () => {
    const reply = await redeem(application, await obtainCode(application, { scope: "openid unknown roles" }));
    expect(await reply.json()).toMatchObject({ token_type: "Bearer", expires_in: 3600, scope: "openid roles" });
    const own = await tokenRequest(signet.url, application.client, { grant_type: "client_credentials" });
    expect(await own.json()).toMatchObject({ scope: "roles" });
  });

  test("without openid has no ID token, and its access token does not open userinfo", async () => {
    const tokens = await tokensOf(await redeem(application, await obtainCode(application, { scope: "roles" })));
    expect(tokens.id_token).toBe("");
    const refused = await userinfo(signet.url, tokens.access_token);
    expect(refused.headers.get("WWW-Authenticate")).toMatch(/^Bearer realm="signet", error="insufficient_scope", /);
    expect(await outcome(refused)).toEqual({ status: 403, error: "insufficient_scope" });
  });
});

describe("refresh tokens", () => {
  const without = { scope: "openid" };

  test("always: the tenant's setting", async () => {
    const always = await applicationWith({ refresh_tokens: "always" });
    const tokens = await obtainTokens(always, without);
    expect(await outcome(refresh(always, tokens.refresh_token))).toEqual(granted);
  });

  test("always: the client's setting", async () => {
    const always = await applicationWith({}, { refresh_tokens: "always" });
    const tokens = await obtainTokens(always, without);
    expect(await outcome(refresh(always, tokens.refresh_token))).toEqual(granted);
  });

  test("the client's setting comes before the tenant's", async () => {
    const onlyOffline = await applicationWith({ refresh_tokens: "always" }, { refresh_tokens: "offline_access" });
    expect((await obtainTokens(onlyOffline, without)).refresh_token).toBe("");
    expect((await obtainTokens(onlyOffline)).refresh_token).not.toBe("");
  });

  test("never to a client without the grant type", async () => {
    const never = await applicationWith({ refresh_tokens: "always" }, { grant_types: ["authorization_code"] });
    expect((await obtainTokens(never, without)).refresh_token).toBe("");
    expect((await obtainTokens(never)).refresh_token).toBe("");
  });
});

describe("the tenant's timeouts, in milliseconds, are kept", () => {
  test("token_timeout: expires_in, exp, and when userinfo refuses the access token", async () => {
    for (const format of ["jwt", "opaque"]) {
      const brief = await applicationWith({ token_timeout: 90_000 }, { access_token_format: format });
      const { access_token, expires_in } = await obtainTokens(brief);
      expect(expires_in).toBe(90);
      if (format === "jwt") {
        const { iat = 0, exp } = decodeJwt(access_token);
        expect(exp).toBe(iat + 90);
      }
      time.advance(88_999);
      expect(await outcome(userinfo(brief.issuer, access_token))).toEqual(granted);
      time.advance(1_001);
      expect(await outcome(userinfo(brief.issuer, access_token))).toEqual(invalidToken);
      const own = await tokenRequest(brief.issuer, brief.client, { grant_type: "client_credentials" });
      expect(await own.json()).toMatchObject({ expires_in: 90 });
    }
  });

  test("id_token_timeout: the ID token's exp", async () => {
    const { id_token, expires_in } = await obtainTokens(await applicationWith({ id_token_timeout: 7_200_000 }));
    const { iat = 0, exp } = decodeJwt(id_token);
    expect([exp, expires_in]).toEqual([iat + 7_200, 3_600]);
  });

  test("refresh_timeout: from each use on", async () => {
    const brief = await applicationWith({ refresh_timeout: 3_600_000 });
    const first = await obtainTokens(brief);
    time.advance(3_599_999);
    const second = await tokensOf(await refresh(brief, first.refresh_token));
    time.advance(3_599_999);
    const third = await tokensOf(await refresh(brief, second.refresh_token));
    time.advance(3_600_000);
    expect(await outcome(refresh(brief, third.refresh_token))).toEqual(invalidGrant);
  });

  test("session_timeout: when the person has to sign in again", async () => {
    const brief = await applicationWith({ session_timeout: 600_000 });
    await obtainCode(brief);
    const silent = authorizationUrl(brief.issuer, brief.client, { prompt: "none" });
    time.advance(599_999);
    expect((await brief.agent.open(silent)).callback?.searchParams.has("code")).toBe(true);
    time.advance(1);
    expect(errorIn(await brief.agent.open(silent))).toBe("login_required");
    expect((await brief.agent.open(authorizationUrl(brief.issuer, brief.client))).heading).toBe("Sign in");
  });

  test("a change holds for what is issued from then on", async () => {
    const changing = await applicationWith({});
    const home = changing.issuer.split("/").at(-1);
    expect((await obtainTokens(changing)).expires_in).toBe(3_600);
    await administer(signet, "POST", `/${home}/oidc`, { token_timeout: 60_000 });
    expect((await obtainTokens(changing)).expires_in).toBe(60);
  });
});
