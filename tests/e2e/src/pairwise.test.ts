import {
  type Application,
  administer,
  authorizationUrl,
  createTenant,
  createUser,
  type Home,
  newApplication,
  obtainCode,
  obtainTokens,
  redeem,
  redirectUri,
  refresh,
  registerClient,
  registrationRequest,
  type Signet,
  startSignet,
  tokenRequest,
  tokensOf,
  userAgent,
  userinfo,
} from "@signet/testkit";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorIn } from "./outcomes.ts";

let signet: Signet;
let home: Home & { readonly name: string; readonly issuer: string };
let alice: Awaited<ReturnType<typeof createUser>>;
beforeAll(async () => {
  signet = await startSignet();
  home = await createTenant(signet, "pairwise");
  alice = await createUser(home, "alice");
});
afterAll(() => signet.stop());

const pairwise = (metadata: Readonly<Record<string, unknown>> = {}) =>
  newApplication(home, { person: alice, metadata: { subject_type: "pairwise", ...metadata } });
const subjectOf = (jwt: string) => String(decodeJwt(jwt).sub);

async function introspectedSubject(application: Application, token: string): Promise<unknown> {
  const reply = await tokenRequest(home.issuer, application.client, { token }, "/oauth2/v1/introspect");
  return JSON.parse(await reply.text()).sub;
}

describe("a client with pairwise subjects", () => {
  test("hears of one subject in ID tokens, access tokens, userinfo and introspection, also after a refresh: not of the user's id", async () => {
    const application = await pairwise();
    const first = await obtainTokens(application);
    const second = await tokensOf(await refresh(application, first.refresh_token));
    const subjects = [subjectOf(first.id_token), subjectOf(first.access_token), subjectOf(second.id_token)];
    const told = JSON.parse(await (await userinfo(home.issuer, second.access_token)).text());
    const introspected = [second.access_token, second.refresh_token].map((token) => introspectedSubject(application, token));
    const all = new Set([...subjects, told.sub, ...(await Promise.all(introspected))]);
    expect([...all]).toEqual([expect.stringMatching(/^[A-Za-z0-9_-]{43}$/)]);
    expect(all).not.toContain(alice.id);
    for (const jwt of [first.id_token, first.access_token]) expect(JSON.stringify(decodeJwt(jwt))).not.toContain(alice.id);
  });

  test("with opaque access tokens and signed userinfo hears of the same", async () => {
    const application = await pairwise({ access_token_format: "opaque", userinfo_signed_response_alg: "ES256" });
    const { id_token, access_token } = await obtainTokens(application);
    const subject = subjectOf(id_token);
    expect(subjectOf(await (await userinfo(home.issuer, access_token)).text())).toBe(subject);
    expect(await introspectedSubject(application, access_token)).toBe(subject);
    const resourceServer = await registerClient(home, { resource_server: true }, home.name);
    expect(await introspectedSubject({ ...application, client: resourceServer }, access_token)).toBe(subject);
  });

  test("knows a user by what its sector knows them by, and no other sector, tenant or user", async () => {
    const bob = await createUser(home, "bob");
    const sameSector = await pairwise({ redirect_uris: ["https://app.example/callback", "https://app.example:8443/other"] });
    const otherSector = await pairwise({ redirect_uris: ["https://other.example/callback"] });
    const everybody = await newApplication(home, { person: alice });
    const first = await pairwise();
    const subject = async (application: Application, to = redirectUri) => {
      const code = await obtainCode(application, { scope: "openid", redirect_uri: to });
      return subjectOf((await tokensOf(await redeem(application, code, { redirect_uri: to }))).id_token);
    };
    expect(await subject(sameSector)).toBe(await subject(first));
    const different = new Set([
      await subject(first),
      await subject(otherSector, "https://other.example/callback"),
      await subject(everybody),
      await subject({ ...first, person: bob, agent: userAgent(signet.url) }),
    ]);
    expect(different.size).toBe(4);
    expect(await subject(everybody)).toBe(alice.id);
  });

  test("finds the same user after a restart and after its tenant's signing keys were rotated", async () => {
    const application = await pairwise();
    const before = subjectOf((await obtainTokens(application)).id_token);
    await administer(signet, "POST", `/${home.name}/keys/emergency`);
    await signet.restart();
    expect(subjectOf((await obtainTokens({ ...application, agent: userAgent(signet.url) })).id_token)).toBe(before);
  });
});

describe("a request that names a user by a pairwise subject", () => {
  const silently = async ({ issuer, client, agent }: Application, parameters: Readonly<Record<string, string>>) =>
    agent.open(authorizationUrl(issuer, client, { prompt: "none", ...parameters }));

  test("by id_token_hint is answered for that user, and for nobody else", async () => {
    const application = await pairwise();
    const { id_token } = await obtainTokens(application);
    const own = await silently(application, { id_token_hint: id_token });
    expect(own.callback?.searchParams.has("code")).toBe(true);
    const carol = await createUser(home, "carol");
    const asCarol: Application = { ...application, person: carol, agent: userAgent(signet.url) };
    await obtainTokens(asCarol);
    expect(errorIn(await silently(asCarol, { id_token_hint: id_token }))).toBe("login_required");
  });

  test("by the id_token_hint of a client of another sector, or with public subjects, is answered for nobody", async () => {
    const application = await pairwise();
    await obtainTokens(application);
    const everybody = await newApplication(home, { person: alice });
    const { id_token } = await obtainTokens(everybody);
    expect(errorIn(await silently(application, { id_token_hint: id_token }))).toBe("login_required");
  });

  test("by the claim sub is answered for that user", async () => {
    const application = await pairwise();
    const { id_token } = await obtainTokens(application);
    const named = (value: string) => ({ claims: JSON.stringify({ id_token: { sub: { value } } }) });
    const own = await silently(application, named(subjectOf(id_token)));
    expect(own.callback?.searchParams.has("code")).toBe(true);
    expect(errorIn(await silently(application, named(alice.id)))).toBe("login_required");
  });

  test("is refused in the end where somebody else signs in", async () => {
    const application = await pairwise();
    const { id_token } = await obtainTokens(application);
    const dave = await createUser(home, "dave");
    const agent = userAgent(signet.url);
    const page = await agent.open(authorizationUrl(home.issuer, application.client, { id_token_hint: id_token }));
    expect(errorIn(await agent.submit(page, { username: dave.username, password: dave.password }))).toBe("login_required");
  });
});

describe("registration with pairwise subjects", () => {
  const register = (redirectUris: readonly string[], type = "web") => {
    const metadata = { subject_type: "pairwise", redirect_uris: redirectUris, application_type: type, client_name: "x" };
    return registrationRequest(home, metadata, home.name);
  };

  test("of redirect URIs on several hosts, or on none, without a sector identifier is refused (OpenID Connect Core section 8.1)", async () => {
    const refusals = [register(["https://a.example/", "https://b.example/"]), register(["com.example.app:/callback"], "native")];
    for (const reply of await Promise.all(refusals)) {
      expect([reply.status, JSON.parse(await reply.text()).error_code]).toEqual([400, 1005]);
    }
  });

  test("of one host is accepted", async () => {
    expect((await register(["https://a.example/", "https://a.example:444/"])).ok).toBe(true);
  });
});
