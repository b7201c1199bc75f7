import { administer, createTenant, type Signet, startSignet } from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askToRegister, setRegistration } from "./dynamic-registration-request.ts";

let signet: Signet;
let home: Awaited<ReturnType<typeof createTenant<Signet>>>;
beforeAll(async () => {
  signet = await startSignet();
  home = await createTenant(signet, "described");
});
afterAll(() => signet.stop());

/** What changes at the registry is known everywhere within a second. */
const soon = { timeout: 1000 };
const names = ["openid-configuration", "oauth-authorization-server"];

/** What both documents say of the tenant, in both forms of their addresses; asked until they agree. */
async function metadata(): Promise<Readonly<Record<string, unknown>>> {
  const addresses = names.flatMap((name) => [
    `${home.issuer}/.well-known/${name}`,
    `${signet.url}/.well-known/${name}/${home.name}`,
  ]);
  const ask = async () => [...new Set(await Promise.all(addresses.map(async (address) => (await fetch(address)).text())))];
  await expect.poll(ask, soon).toHaveLength(1);
  const [only = ""] = await ask();
  return JSON.parse(only);
}

test("registration_endpoint is named where clients may register themselves, and answers there", async () => {
  const body = { redirect_uris: ["https://app.example/cb"] };
  for (const [mode, status] of [
    ["off", 403],
    ["initial_access_token", 401],
    ["open", 201],
  ] as const) {
    await setRegistration(home, { mode });
    const expected = mode === "off" ? undefined : `${home.issuer}/oauth2/v1/register`;
    await expect.poll(async () => (await metadata()).registration_endpoint, soon).toBe(expected);
    expect((await askToRegister(home, body)).status).toBe(status);
  }
});

test("op_policy_uri, op_tos_uri and service_documentation are named where the tenant has such pages", async () => {
  expect(Object.keys(await metadata())).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^op_|service_documentation/)]),
  );
  const pages = { policy_uri: "https://acme.example/policy", tos_uri: "https://acme.example/terms" };
  const all = { ...pages, service_documentation: "https://acme.example/docs" };
  expect(await administer(signet, "POST", `/${home.name}/oidc`, all)).toMatchObject(all);
  await expect.poll(metadata, soon).toMatchObject({
    op_policy_uri: "https://acme.example/policy",
    op_tos_uri: "https://acme.example/terms",
    service_documentation: "https://acme.example/docs",
  });
  await administer(signet, "POST", `/${home.name}/oidc`, { tos_uri: "" });
  await expect.poll(metadata, soon).not.toHaveProperty("op_tos_uri");
  expect(await metadata()).toHaveProperty("op_policy_uri");
});

test("no member is an empty list, and the issuer is the one that was asked", async () => {
  const described = await metadata();
  expect(described.issuer).toBe(home.issuer);
  expect(Object.entries(described).filter(([, value]) => Array.isArray(value) && value.length === 0)).toEqual([]);
  expect(described.id_token_signing_alg_values_supported).toContain("RS256");
  expect(described.token_endpoint_auth_signing_alg_values_supported).not.toContain("none");
  expect(described.scopes_supported).toContain("openid");
});

test("a tenant that does not exist has no metadata", async () => {
  for (const name of names) {
    expect((await fetch(`${signet.url}/nobody/.well-known/${name}`)).status).toBe(404);
    expect((await fetch(`${signet.url}/.well-known/${name}/nobody`)).status).toBe(404);
  }
});
