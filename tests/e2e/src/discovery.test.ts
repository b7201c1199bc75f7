import {
  createTenant,
  createUser,
  type Home,
  newApplication,
  obtainTokens,
  type Signet,
  startSignet,
  userinfo,
} from "@signet/testkit";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorIn } from "./outcomes.ts";
import { type AtHome, lists, register, request } from "./supported-values.ts";

let signet: Signet;
let homes: Readonly<Record<string, Home>>;
beforeAll(async () => {
  signet = await startSignet();
  homes = { default: signet, elsewhere: await createTenant(signet, "elsewhere") };
});
afterAll(() => signet.stop());

const profile = {
  name: "Alice Liddell",
  family_name: "Liddell",
  given_name: "Alice",
  middle_name: "Pleasance",
  nickname: "Al",
  profile: "https://alice.example/",
  picture: "https://alice.example/picture.png",
  website: "https://alice.example/",
  gender: "female",
  birthdate: "1852-05-04",
  zoneinfo: "Europe/London",
  locale: "en-GB",
  address: { country: "GB" },
  phone_number: "+44 20 7946 0000",
  phone_number_verified: true,
};

describe.each(["default", "elsewhere"])("what discovery says of the tenant %s", (name) => {
  let application: AtHome;
  let metadata: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    const home = homes[name] ?? signet;
    const person = await createUser(home, "discovered-alice", { email: "alice@app.example", claims: profile });
    application = { ...(await newApplication(home, { person })), home };
    metadata = await metadataAt(`${application.issuer}/.well-known/openid-configuration`);
    await obtainTokens(application);
  });

  test("has these members, each of which is tested here", () => {
    expect(Object.keys(metadata).sort()).toEqual(
      [
        ...["issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"],
        ...["introspection_endpoint", "revocation_endpoint", "end_session_endpoint"],
        ...lists.map(({ member }) => member),
        ...["subject_types_supported", "claim_types_supported", "claims_supported", "claims_parameter_supported"],
        ...["request_parameter_supported", "request_uri_parameter_supported", "authorization_response_iss_parameter_supported"],
        ...["backchannel_logout_supported", "backchannel_logout_session_supported"],
        ...["frontchannel_logout_supported", "frontchannel_logout_session_supported"],
        ...["ui_locales_supported", "require_request_uri_registration"],
      ].sort(),
    );
  });

  test("is the same under each of its names, and may be read from any origin", async () => {
    const host = new URL(signet.url).origin;
    const behind = name === "default" ? "" : `/${name}`;
    for (const kind of ["openid-configuration", "oauth-authorization-server"]) {
      for (const url of [`${application.issuer}/.well-known/${kind}`, `${host}/.well-known/${kind}${behind}`]) {
        expect(await metadataAt(url)).toEqual(metadata);
        expect(await metadataAt(`${url}/`)).toEqual(metadata);
      }
    }
  });

  test("names no endpoint that is not there", async () => {
    const endpoints = Object.entries(metadata).filter(([member]) => /_(?:endpoint|uri)$/.test(member));
    expect(endpoints).toHaveLength(7);
    for (const [member, url] of endpoints) {
      expect(url).toMatch(new RegExp(`^${application.issuer}/oauth2/v1/\\w+$`));
      const replies = await Promise.all(["GET", "POST"].map((method) => fetch(String(url), { method })));
      expect([member, replies.map(({ status }) => status)]).not.toEqual([member, expect.arrayContaining([404])]);
      expect([member, replies.every(({ status }) => status < 500)]).toEqual([member, true]);
    }
  });

  test.each(lists)("$member lists exactly what is accepted", async ({ member, candidates, isAccepted }) => {
    const accepted: string[] = [];
    for (const candidate of candidates) {
      if (await isAccepted({ ...application, agent: application.agent.clone() }, candidate)) accepted.push(candidate);
    }
    expect([...accepted].sort()).toEqual([...listOf(metadata, member)].sort());
  });

  test("claims_supported lists exactly what ID token and userinfo carry of a person about whom all is known", async () => {
    const all = { scope: "openid profile email address phone", nonce: "a-nonce", acr_values: "any" };
    const tokens = await obtainTokens(application, all);
    const claims = await (await userinfo(application.issuer, tokens.access_token)).text();
    const carried = new Set([...Object.keys(decodeJwt(tokens.id_token)), ...Object.keys(JSON.parse(claims))]);
    expect([...carried].sort()).toEqual([...listOf(metadata, "claims_supported")].sort());
    expect(metadata.claim_types_supported).toEqual(["normal"]);
  });

  test("subject_types_supported: a person is the same to every client, or to those of a sector", async () => {
    expect(metadata.subject_types_supported).toEqual(["public", "pairwise"]);
    const clients = [
      application.client,
      await register(application, {}),
      await register(application, { subject_type: "pairwise" }),
    ];
    const subjects = clients.map(async (client = application.client) => {
      const { id_token } = await obtainTokens({ ...application, client, agent: application.agent.clone() });
      return decodeJwt(id_token).sub;
    });
    const [first, second, third] = await Promise.all(subjects);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test("request_parameter_supported, request_uri_parameter_supported: both are read, and an address has to be registered", async () => {
    for (const member of ["request", "request_uri"]) expect(metadata[`${member}_parameter_supported`]).toBe(true);
    expect(metadata.require_request_uri_registration).toBe(true);
    expect(errorIn(await request(application, { request: "eyJhbGciOiJub25lIn0.e30." }))).toBe("invalid_request_object");
    expect(errorIn(await request(application, { request_uri: "https://app.example/request" }))).toBe("invalid_request_uri");
  });

  test("claims_parameter_supported: claims that are asked for by name come in the ID token and from userinfo", async () => {
    expect(metadata.claims_parameter_supported).toBe(true);
    const claims = JSON.stringify({ id_token: { email: { essential: true } }, userinfo: { birthdate: null } });
    const tokens = await obtainTokens(application, { claims });
    expect(decodeJwt(tokens.id_token)).toMatchObject({ email: "alice@app.example" });
    const reply = await (await userinfo(application.issuer, tokens.access_token)).json();
    expect(reply).toEqual({ sub: expect.any(String), birthdate: "1852-05-04" });
  });

  test("ui_locales_supported: the pages are in English, whatever is asked for", async () => {
    expect(metadata.ui_locales_supported).toEqual(["en"]);
    for (const ui_locales of ["fr-CA fr", "xx", "en", "-"]) {
      const { agent } = await newApplication(homes[name] ?? signet);
      const { html } = await request({ ...application, agent }, { ui_locales, claims_locales: ui_locales });
      expect(html).toContain('<html lang="en">');
    }
  });

  test("authorization_response_iss_parameter_supported: every response has the issuer that discovery has", async () => {
    expect(metadata).toMatchObject({ issuer: application.issuer, authorization_response_iss_parameter_supported: true });
    for (const parameters of [{}, { prompt: "create" }, { scope: "nothing-known" }, { response_type: "token" }]) {
      const { callback } = await request(application, parameters);
      expect(callback?.searchParams.get("iss")).toBe(metadata.issuer);
    }
  });
});

async function metadataAt(url: string): Promise<Readonly<Record<string, unknown>>> {
  const reply = await fetch(url);
  expect([reply.status, reply.headers.get("Access-Control-Allow-Origin")]).toEqual([200, "*"]);
  expect(reply.headers.get("Content-Type")).toBe("application/json;charset=UTF-8");
  return JSON.parse(await reply.text());
}

function listOf(metadata: Readonly<Record<string, unknown>>, member: string): readonly string[] {
  const list = metadata[member];
  if (!Array.isArray(list)) throw new Error(`${member} is no list`);
  return list.map(String);
}
