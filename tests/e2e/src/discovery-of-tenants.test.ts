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

const names = ["openid-configuration", "oauth-authorization-server"];

/** What both documents say of the tenant, in both forms of their addresses. */
async function metadata(): Promise<Readonly<Record<string, unknown>>> {
  const addresses = names.flatMap((name) => [
    `${home.issuer}/.well-known/${name}`,
    `${signet.url}/.well-known/${name}/${home.name}`,
  ]);
  const [first, ...others] = await Promise.all(addresses.map(async (address) => (await fetch(address)).text()));
  for (const other of others) expect(other).toBe(first);
  return JSON.parse(first ?? "");
}

test("registration_endpoint is named where clients may register themselves, and answers there", async () => {
  const body = { redirect_uris: ["https://app.example/cb"] };
  for (const [mode, status] of [
    ["off", 403],
    ["initial_access_token", 401],
    ["open", 201],
  ] as const) {
    await setRegistration(home, { mode });
    const { registration_endpoint } = await metadata();
    expect(registration_endpoint).toBe(mode === "off" ? undefined : `${home.issuer}/oauth2/v1/register`);
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
  expect(await metadata()).toMatchObject({
    op_policy_uri: "https://acme.example/policy",
    op_tos_uri: "https://acme.example/terms",
    service_documentation: "https://acme.example/docs",
  });
  await administer(signet, "POST", `/${home.name}/oidc`, { tos_uri: "" });
  expect(await metadata()).not.toHaveProperty("op_tos_uri");
  expect(await metadata()).toHaveProperty("op_policy_uri");
});

test("a tenant that does not exist has no metadata", async () => {
  for (const name of names) {
    expect((await fetch(`${signet.url}/nobody/.well-known/${name}`)).status).toBe(404);
    expect((await fetch(`${signet.url}/.well-known/${name}/nobody`)).status).toBe(404);
  }
});
