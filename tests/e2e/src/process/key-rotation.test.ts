import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type Application,
  administer,
  createTenant,
  createUser,
  type Home,
  newApplication,
  type ObtainedTokens,
  obtainTokens,
  refresh,
  type SignetProcess,
  tokenRequest,
  userinfo,
} from "@signet/testkit";
import { expect, test } from "vitest";
import { granted, outcome } from "../outcomes.ts";
import { adminPassword, adminToken, failedStart, startNew, startReady, stop } from "./processes.ts";

/** What an application holds, and what relying parties of its tenant know, before the key-encryption key is replaced. */
interface Held {
  readonly application: Application;
  readonly home: Home & { readonly name: string };
  readonly tokens: ObtainedTokens;
  readonly jwks: string;
}

function newTenant({ url }: SignetProcess, name: string): Promise<Home & { readonly name: string }> {
  return createTenant({ url, adminToken, adminPassword }, name);
}

async function hold(signet: SignetProcess, name: string, metadata: Readonly<Record<string, string>>): Promise<Held> {
  const home = await newTenant(signet, name);
  const application = await newApplication(home, { person: await createUser(home, "alice"), metadata });
  const tokens = await obtainTokens(application);
  return { application, home, tokens, jwks: await jwksOf(application.issuer) };
}

async function jwksOf(issuer: string): Promise<string> {
  return await (await fetch(`${issuer}/oauth2/v1/certs`)).text();
}

/** The client's secret as the registration API shows it: what was sealed opens. */
async function shownSecret({ home, application }: Held): Promise<unknown> {
  const address = `${home.url}/v1/oidc/${home.name}/registration?client_id=${application.client.client_id}`;
  const reply = await fetch(address, { headers: { Authorization: `Bearer ${home.registrationToken}` } });
  return JSON.parse(await reply.text()).client_secret;
}

/** Everything goes on as if nothing had happened. */
async function expectHeld(held: Held): Promise<void> {
  const { application, home, tokens, jwks } = held;
  expect(await shownSecret(held)).toBe(application.client.client_secret);
  expect(await administer(home, "GET", `/${home.name}/oidc`)).toMatchObject({ token: home.registrationToken });
  expect(await outcome(tokenRequest(application.issuer, application.client, { grant_type: "client_credentials" }))).toEqual(
    granted,
  );
  expect(await outcome(userinfo(application.issuer, tokens.access_token))).toEqual(granted);
  expect(await outcome(refresh(application, tokens.refresh_token))).toEqual(granted);
  expect(await jwksOf(application.issuer)).toBe(jwks);
  expect((await obtainTokens(application)).id_token).not.toBe("");
  expect(await jwksOf(application.issuer)).toBe(jwks);
}

async function rewrap({ url }: SignetProcess): Promise<unknown> {
  const reply = await fetch(`${url}/v1/keys/rewrap`, { method: "POST", headers: { "X-Auth-Token": adminToken } });
  expect(reply.status).toBe(200);
  return JSON.parse(await reply.text()).result;
}

test("K8: the key-encryption key is replaced while tenants come, and then the new one alone opens everything, the old one nothing", async () => {
  const { signet: first, dataDir } = await startNew();
  const always = { SIGNET_DATA_DIR: dataDir, SIGNET_PORT: new URL(first.url).port };
  const held = [
    await hold(first, "by-rsa", {}),
    await hold(first, "by-curve", { id_token_signed_response_alg: "ES256" }),
    await hold(first, "opaque", { access_token_format: "opaque", id_token_signed_response_alg: "EdDSA" }),
  ];
  await stop(first);

  const keyFile = join(dataDir, "key-encryption-key");
  const previous = (await readFile(keyFile, "utf8")).trim();
  const next = randomBytes(32).toString("base64");
  const both = await startReady({
    ...always,
    SIGNET_KEY_ENCRYPTION_KEY: next,
    SIGNET_PREVIOUS_KEY_ENCRYPTION_KEY: previous,
  });
  const made = Array.from({ length: 100 }, (_, index) => newTenant(both, `made-meanwhile-${index}`));
  expect(await rewrap(both)).toMatchObject({
    registry: { rewrapped: 4, unreadable: 0 },
    token: { rewrapped: 3, current: 0, unreadable: 0 },
  });
  const meanwhile = await Promise.all(made);
  expect(await rewrap(both)).toEqual({
    registry: { rewrapped: 0, current: 104, unreadable: 0 },
    token: { rewrapped: 0, current: 3, unreadable: 0 },
  });
  await stop(both);

  await rm(keyFile);
  const after = await startReady({ ...always, SIGNET_KEY_ENCRYPTION_KEY: next });
  for (const one of held) await expectHeld(one);
  for (const home of meanwhile) {
    expect(await administer(home, "GET", `/${home.name}/oidc`)).toMatchObject({ token: home.registrationToken });
  }
  await stop(after);

  expect(await failedStart({ ...always, SIGNET_KEY_ENCRYPTION_KEY: previous })).toEqual([
    expect.stringMatching(/another key-encryption key.*wrapped by the key-encryption key [0-9a-f]{16}, which is not configured/),
  ]);
});
