import {
  type Application,
  authorizationUrl,
  createTenant,
  createUser,
  type Home,
  newApplication,
  obtainTokens,
  rawRequest,
  type Signet,
  startSignet,
  tokenRequest,
  userAgent,
  userinfo,
} from "@signet/testkit";
import type { JSONWebKeySet } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorIn, granted, invalidClient, invalidToken, outcome } from "./outcomes.ts";

let signet: Signet;
/** Applications by their tenants: the default one and two beside it, each with a person called alice. */
let applicationOf: ReadonlyMap<Home, Application>;
let applications: readonly Application[];
beforeAll(async () => {
  signet = await startSignet();
  const homes: Home[] = [signet, await createTenant(signet, "scarlet"), await createTenant(signet, "azure")];
  const person = (home: Home) => createUser(home, "alice", { email: "alice@example.com" });
  applicationOf = new Map(
    await Promise.all(homes.map(async (home) => [home, await newApplication(home, { person: await person(home) })] as const)),
  );
  applications = [...applicationOf.values()];
});
afterAll(() => signet.stop());

function eachPair(): readonly (readonly [of: Application, at: Application])[] {
  return applications.flatMap((of) => applications.filter((at) => at !== of).map((at) => [of, at] as const));
}

async function keySetOf(issuer: string): Promise<JSONWebKeySet> {
  return JSON.parse(await (await fetch(`${issuer}/oauth2/v1/certs`)).text());
}

const algorithms = ["RS256", "ES256", "PS256", "EdDSA", "Ed25519"];

describe("what a tenant issues is worth nothing at another", () => {
  test("T2: its access tokens at another's userinfo, JWT or opaque, by header or by body", async () => {
    const metadata = { access_token_format: "opaque" };
    const opaqueOnes = await Promise.all(
      [...applicationOf].map(([home, { person, agent }]) => newApplication(home, { person, agent, metadata })),
    );
    for (const kind of [applications, opaqueOnes]) {
      for (const of of kind) {
        const { access_token } = await obtainTokens(of);
        expect(await outcome(userinfo(of.issuer, access_token))).toEqual(granted);
        for (const at of kind.filter((one) => one !== of)) {
          expect(await outcome(userinfo(at.issuer, access_token))).toEqual(invalidToken);
          const body = new URLSearchParams({ access_token });
          expect(await outcome(fetch(`${at.issuer}/oauth2/v1/userinfo`, { method: "POST", body }))).toEqual(invalidToken);
        }
      }
    }
  });

  test("T2: a client's own token, and the client itself", async () => {
    for (const [of, at] of eachPair()) {
      expect(await outcome(tokenRequest(at.issuer, of.client, { grant_type: "client_credentials" }))).toEqual(invalidClient);
      expect(await outcome(tokenRequest(of.issuer, of.client, { grant_type: "client_credentials" }))).toEqual(granted);
    }
  });

  test("T3: its session cookie at another leads to sign-in", async () => {
    for (const [of, at] of eachPair()) {
      const agent = userAgent(signet.url);
      await obtainTokens({ ...of, agent });
      const here = authorizationUrl(of.issuer, of.client, { prompt: "none" });
      expect((await agent.open(here)).callback?.searchParams.has("code")).toBe(true);
      expect((await agent.open(authorizationUrl(at.issuer, at.client))).heading).toBe("Sign in");
      expect(errorIn(await agent.open(authorizationUrl(at.issuer, at.client, { prompt: "none" })))).toBe("login_required");
    }
  });

  test("T3: a browser is signed in at each tenant by itself, and at all of them at a time", async () => {
    const agent = userAgent(signet.url);
    for (const application of applications) await obtainTokens({ ...application, agent });
    for (const { issuer, client } of applications) {
      expect(errorIn(await agent.open(authorizationUrl(issuer, client, { prompt: "none" })))).toBeNull();
    }
  });

  test("T3: also under the name of the other's cookie", async () => {
    for (const [of, at] of eachPair()) {
      const [mine, theirs] = await Promise.all(
        [of, at].map(async (one) => {
          const agent = userAgent(signet.url);
          await obtainTokens({ ...one, agent });
          const [cookie] = [...agent.cookies].filter(([name]) => name.startsWith("signet_session_"));
          return { name: cookie?.[0] ?? "", value: cookie?.[1] ?? "" };
        }),
      );
      expect([mine?.name, mine?.value]).not.toEqual([theirs?.name, theirs?.value]);
      const forged = userAgent(signet.url, new Map([[theirs?.name ?? "", mine?.value ?? ""]]));
      expect(errorIn(await forged.open(authorizationUrl(at.issuer, at.client, { prompt: "none" })))).toBe("login_required");
      const right = userAgent(signet.url, new Map([[theirs?.name ?? "", theirs?.value ?? ""]]));
      expect(errorIn(await right.open(authorizationUrl(at.issuer, at.client, { prompt: "none" })))).toBeNull();
    }
  });

  test("T3: a sign-in that was begun at one goes on at no other", async () => {
    for (const [of, at] of eachPair()) {
      const agent = userAgent(signet.url);
      const page = await agent.open(authorizationUrl(of.issuer, of.client));
      const elsewhere = page.url.replace(of.issuer, at.issuer);
      expect((await agent.open(elsewhere)).status).not.toBe(200);
      const moved = { ...page, html: page.html.replace(/action="[^"]*"/, `action="${new URL(elsewhere).pathname}"`) };
      const refused = await agent.submit(moved, { ...at.person });
      expect([refused.callback, refused.status >= 400]).toEqual([undefined, true]);
      expect([...agent.cookies.keys()].filter((name) => name.startsWith("signet_session_"))).toEqual([]);
    }
  });

  test("T4: their published keys have nothing in common", async () => {
    for (const home of applicationOf.keys()) {
      for (const access_token_signed_response_alg of algorithms) {
        const { issuer, client } = await newApplication(home, { metadata: { access_token_signed_response_alg } });
        expect(await outcome(tokenRequest(issuer, client, { grant_type: "client_credentials" }))).toEqual(granted);
      }
    }
    const sets = await Promise.all(applications.map(({ issuer }) => keySetOf(issuer)));
    const keys = sets.flatMap((set) => set.keys);
    expect(keys).toHaveLength(applications.length * algorithms.length);
    for (const what of [keys.map(({ kid }) => kid), keys.map(({ n, x }) => n ?? x)]) expect(new Set(what).size).toBe(keys.length);
  });

  test("T4: a tenant that has signed nothing yet has a key of its own", async () => {
    const { issuer } = await createTenant(signet, "untouched");
    const { keys } = await keySetOf(issuer);
    expect(keys).toHaveLength(1);
    const others = (await Promise.all(applications.map((one) => keySetOf(one.issuer)))).flatMap((set) => set.keys);
    expect(others.map(({ kid }) => kid)).not.toContain(keys[0]?.kid);
  });
});

describe("nothing of a request changes who Signet says that it is", () => {
  const evil: readonly (readonly (readonly [string, string])[])[] = [
    [["Host", "evil.example"]],
    [["Host", "evil.example:1234"]],
    [["Host", "localhost@evil.example"]],
    [["Host", "evil.example/scarlet"]],
    [["Host", ""]],
    [["Forwarded", "for=1.2.3.4;host=evil.example;proto=https"]],
    [
      ["X-Forwarded-Host", "evil.example"],
      ["X-Forwarded-Proto", "https"],
      ["X-Forwarded-Port", "443"],
    ],
    [
      ["X-Forwarded-Prefix", "/evil"],
      ["X-Forwarded-Server", "evil.example"],
      ["X-Original-URL", "/evil"],
    ],
    [
      ["X-Host", "evil.example"],
      ["X-Rewrite-URL", "/evil"],
      ["X-HTTP-Host-Override", "evil.example"],
    ],
    [
      ["Referer", "https://evil.example/"],
      ["Origin", "https://evil.example"],
    ],
  ];

  test.each(evil)("T5: discovery is the same with the headers %j, %j, %j", async (...headers) => {
    const sent = headers.filter((header) => header !== undefined);
    for (const { issuer } of applications) {
      const path = `${issuer.slice(signet.url.length)}/.well-known/openid-configuration`;
      const usual = await rawRequest(signet.url, { target: path });
      const reply = await rawRequest(signet.url, { target: path, headers: sent });
      expect([reply.status, reply.body]).toEqual([200, usual.body]);
      expect(JSON.parse(reply.body).issuer).toBe(issuer);
      expect(reply.headers.flat().join()).not.toContain("evil");
    }
  });

  test.each(evil)("T5: so are redirects, pages and the issuer in them with the headers %j, %j, %j", async (...headers) => {
    const sent = headers.filter((header) => header !== undefined);
    for (const { issuer, client } of applications) {
      const path = issuer.slice(signet.url.length);
      const begin = await rawRequest(signet.url, { target: authorizationUrl(path, client), headers: sent });
      expect([begin.status, begin.header("Location")]).toEqual([303, expect.stringMatching(`^${path}/sign-in/[0-9a-f]{32}$`)]);
      const refusal = await rawRequest(signet.url, { target: authorizationUrl(path, client, { prompt: "none" }), headers: sent });
      expect(new URL(refusal.header("Location") ?? "").searchParams.get("iss")).toBe(issuer);
      const page = await rawRequest(signet.url, { target: `${path}/nothing-here`, headers: [...sent, ["Accept", "text/html"]] });
      expect(page.status).toBe(404);
      for (const reply of [begin, refusal, page]) expect(reply.headers.flat().join() + reply.body).not.toContain("evil");
    }
  });

  test("T5: a request line with a whole address, or with two slashes, names nothing else", async () => {
    const path = "/.well-known/openid-configuration";
    const whole = await rawRequest(signet.url, { target: `http://evil.example${path}` });
    expect(whole.body).not.toContain("evil");
    const slashes = await rawRequest(signet.url, { target: `//evil.example${path}` });
    expect([slashes.status, slashes.body.includes("evil"), slashes.header("Location")]).toEqual([404, false, undefined]);
  });
});

describe("each tenant has one issuer", () => {
  test.each([
    "default",
    "Scarlet",
    "SCARLET",
    "scarlet%2e",
    "nobody",
    ".",
    "..",
    "%2e%2e",
    "scarlet/azure",
    "scarlet//",
    "%00",
    "%ff",
    "%",
  ])("nothing is found beneath /%s", async (segment) => {
    for (const path of ["/.well-known/openid-configuration", "/oauth2/v1/certs"]) {
      const reply = await rawRequest(signet.url, { target: `/${segment}${path}` });
      expect([path, reply.status >= 400 && reply.status < 500]).toEqual([path, true]);
    }
  });
});
