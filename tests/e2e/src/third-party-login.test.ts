import {
  authorizationUrl,
  createTenant,
  createUser,
  newPkce,
  redirectUri,
  registerClient,
  type Signet,
  signIn,
  startSignet,
  userAgent,
} from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "./api-request.ts";

let signet: Signet;
let home: Awaited<ReturnType<typeof createTenant<Signet>>>;
beforeAll(async () => {
  signet = await startSignet();
  home = await createTenant(signet, "initiating");
});
afterAll(() => signet.stop());

const initiate = (query: string, issuer = home.issuer) => send(`${issuer}/oauth2/v1/initiate?${query}`);

test("a link sends the browser to the address that the application registered, with the issuer", async () => {
  const client = await registerClient(home, { initiate_login_uri: "https://app.example/login?from=portal" }, home.name);
  const target = encodeURIComponent("https://app.example/orders");
  const reply = await initiate(`client_id=${client.client_id}&login_hint=ann&target_link_uri=${target}`);
  expect([reply.status, reply.text]).toEqual([303, ""]);
  const location = new URL(reply.headers.location ?? "");
  expect(`${location.origin}${location.pathname}`).toBe("https://app.example/login");
  expect(Object.fromEntries(location.searchParams)).toEqual({
    from: "portal",
    iss: home.issuer,
    login_hint: "ann",
    target_link_uri: "https://app.example/orders",
  });
});

test("the sign-in that the application then begins ends at the application", async () => {
  const client = await registerClient(home, { initiate_login_uri: "https://app.example/login" }, home.name);
  const person = await createUser(home, "initiated-ann");
  const location = new URL((await initiate(`client_id=${client.client_id}&login_hint=initiated-ann`)).headers.location ?? "");
  const { challenge } = newPkce();
  const agent = userAgent(signet.url);
  const start = await agent.open(
    authorizationUrl(location.searchParams.get("iss") ?? "", client, {
      login_hint: location.searchParams.get("login_hint") ?? "",
      code_challenge: challenge,
      code_challenge_method: "S256",
    }),
  );
  const callback = await signIn(agent, start, person);
  expect(callback.href.startsWith(redirectUri)).toBe(true);
  expect(callback.searchParams.get("iss")).toBe(home.issuer);
});

test.each([
  ["no client", ""],
  ["an empty client_id", "client_id="],
  ["an unknown client", `client_id=${"0".repeat(24)}`],
  ["two clients", `client_id=${"0".repeat(24)}&client_id=${"1".repeat(24)}`],
])("the answer to %s is a page, and no redirect", async (_what, query) => {
  const reply = await initiate(query);
  expect([reply.status, reply.headers.location]).toEqual([400, undefined]);
  expect(reply.headers["content-type"]).toMatch(/^text\/html/);
});

test("neither an application without such an address, nor another tenant's, nor a hostile target is redirected to", async () => {
  const bare = await registerClient(home, {}, home.name);
  const ready = await registerClient(home, { initiate_login_uri: "https://app.example/login" }, home.name);
  const hostile = encodeURIComponent("javascript:alert(1)");
  for (const reply of [
    await initiate(`client_id=${bare.client_id}`),
    await initiate(`client_id=${ready.client_id}`, signet.url),
    await initiate(`client_id=${ready.client_id}&target_link_uri=${hostile}`),
  ]) {
    expect([reply.status, reply.headers.location]).toEqual([400, undefined]);
  }
});

test.each(["http://app.example/login", "javascript:alert(1)", "https://user@app.example/login", "https://app.example/login#x"])(
  "the address %s is not registered",
  async (initiate_login_uri) => {
    await expect(registerClient(home, { initiate_login_uri }, home.name)).rejects.toThrow("initiate_login_uri");
  },
);
