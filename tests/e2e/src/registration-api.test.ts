import { createTenant, type Signet, startSignet } from "@signet/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApiReply, type ApiRequest, errorBody, send } from "./api-request.ts";
import { askRegistration, documented, type Workplace } from "./registration-request.ts";

let signet: Signet;
let workplace: Workplace;
let count = 0;
beforeAll(async () => {
  signet = await startSignet();
});
afterAll(() => signet.stop());
beforeEach(async () => {
  count += 1;
  workplace = await createTenant(signet, `workplace-${count}`);
});

function ask(method: string, query = "", request: Omit<ApiRequest, "method"> = {}): Promise<ApiReply> {
  return askRegistration(workplace, method, query, request);
}

async function created(body: object): Promise<{ readonly client_id: string; readonly client_secret: string }> {
  const reply = await ask("POST", "", { body });
  expect(reply.status, reply.text).toBe(200);
  return JSON.parse(reply.text);
}

/** The page's reply, in its order, around an id and a secret. */
const documentedReply = (clientId: string, clientSecret: string): string =>
  `{"client_id":"${clientId}","application_type":"native","response_types":["code"],"scopes":[{"name":"roles","desc":"User roles","fields":["roles"]}],"client_secret":"${clientSecret}","redirect_uris":["http://localhost:8080","http://localhost:8081"],"post_logout_redirect_uris":["http://localhost:8082"],"client_secret_expires_at":0,"client_name":"","contacts":[],"logo_uri":"","client_uri":"","tos_uri":"","policy_uri":""}`;

describe("the requests of the documented API", () => {
  test("creating a client answers with the client", async () => {
    const reply = await ask("POST", "", { body: documented });
    const { client_id, client_secret } = JSON.parse(reply.text);
    expect(reply.status).toBe(200);
    expect(client_id).toMatch(/^[0-9a-f]{24}$/);
    expect(client_secret).toMatch(/^[\w-]{43}$/);
    expect(reply.text).toBe(documentedReply(client_id, client_secret));
  });

  test("getting a client answers with the same", async () => {
    const { client_id, client_secret } = await created(documented);
    const reply = await ask("GET", `?client_id=${client_id}`);
    expect(reply.status).toBe(200);
    expect(reply.text).toBe(documentedReply(client_id, client_secret));
  });

  test("the list of clients is an array of them, empty at first", async () => {
    expect(await ask("GET")).toMatchObject({ status: 200, text: "[]" });
    const clients = [await created(documented), await created(documented)];
    const texts = clients.map(({ client_id, client_secret }) => documentedReply(client_id, client_secret));
    const reply = await ask("GET");
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.text)).toHaveLength(2);
    for (const text of texts) expect(reply.text).toContain(text);
  });

  test("updating a client answers without its id and secret, and changes what was sent", async () => {
    const { client_id, client_secret } = await created(documented);
    const update = { ...documented, redirect_uris: ["http://localhost:8080"], generate_token: false };
    const reply = await ask("POST", `?client_id=${client_id}`, { body: update });
    expect(reply.status).toBe(200);
    expect(reply.text).toBe(
      '{"application_type":"native","response_types":["code"],"scopes":[{"name":"roles","desc":"User roles","fields":["roles"]}],"redirect_uris":["http://localhost:8080"],"post_logout_redirect_uris":["http://localhost:8082"],"client_secret_expires_at":0,"client_name":"","contacts":[],"logo_uri":"","client_uri":"","tos_uri":"","policy_uri":""}',
    );
    const after = await ask("GET", `?client_id=${client_id}`);
    expect(JSON.parse(after.text)).toStrictEqual({
      ...documented,
      client_id,
      client_secret,
      redirect_uris: ["http://localhost:8080"],
    });
  });

  test("generate_token answers with a new secret, which the client has from then on", async () => {
    const { client_id, client_secret } = await created(documented);
    const reply = await ask("POST", `?client_id=${client_id}`, { body: { ...documented, generate_token: true } });
    const updated = JSON.parse(reply.text);
    expect(updated).toStrictEqual({ ...documented, client_secret: expect.stringMatching(/^[\w-]{43}$/) });
    expect(updated.client_secret).not.toBe(client_secret);
    const after = await ask("GET", `?client_id=${client_id}`);
    expect(JSON.parse(after.text).client_secret).toBe(updated.client_secret);
  });

  test("removing a client answers with result, and the client is gone", async () => {
    const { client_id } = await created(documented);
    expect(await ask("DELETE", `?client_id=${client_id}`)).toMatchObject({ status: 200, text: '{"result":true}' });
    for (const method of ["GET", "DELETE", "POST"]) {
      const reply = await ask(method, `?client_id=${client_id}`, method === "POST" ? { body: documented } : {});
      expect(reply.status).toBe(404);
      expect(JSON.parse(reply.text)).toStrictEqual(errorBody(1002, expect.any(String)));
    }
    expect((await ask("GET")).text).toBe("[]");
  });

  test("GET and DELETE need no Content-Type, and a trailing slash is no other address", async () => {
    const { client_id } = await created(documented);
    const address = `${signet.url}/v1/oidc/${workplace.name}/registration/?client_id=${client_id}`;
    const headers = { Authorization: `Bearer ${workplace.registrationToken}` };
    expect((await send(address, { headers })).status).toBe(200);
    expect((await send(address, { method: "DELETE", headers })).status).toBe(200);
  });

  test("B10: every reply is JSON that nobody stores", async () => {
    const replies = [await ask("GET"), await ask("POST", "", { body: documented }), await ask("GET", "?client_id=x")];
    for (const { headers } of replies) {
      expect(headers).toMatchObject({
        "content-type": "application/json;charset=UTF-8",
        "cache-control": "no-store",
        pragma: "no-cache",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
      });
    }
  });
});

describe("members of RFC 7591 that the documented API does not show", () => {
  const further = {
    grant_types: ["authorization_code", "refresh_token"],
    token_endpoint_auth_method: "client_secret_post",
    scope: "openid email",
    id_token_signed_response_alg: "ES256",
    access_token_format: "opaque",
    access_token_signed_response_alg: "RS256",
    refresh_tokens: "always",
  };

  test("are accepted, and shown after the documented ones", async () => {
    const { client_id, client_secret } = await created({ ...documented, ...further });
    const reply = await ask("GET", `?client_id=${client_id}`);
    expect(reply.text).toBe(`${documentedReply(client_id, client_secret).slice(0, -1)},${JSON.stringify(further).slice(1)}`);
  });

  test("are not shown where they are what they are by default", async () => {
    const usual = {
      grant_types: ["authorization_code"],
      token_endpoint_auth_method: "client_secret_basic",
      scope: "",
      id_token_signed_response_alg: "RS256",
      access_token_format: "jwt",
      access_token_signed_response_alg: "RS256",
      refresh_tokens: "",
    };
    const reply = await ask("POST", "", { body: { ...documented, ...usual } });
    const { client_id, client_secret } = JSON.parse(reply.text);
    expect(reply.text).toBe(documentedReply(client_id, client_secret));
  });

  test("a public client has an empty secret", async () => {
    const client = await created({ ...documented, token_endpoint_auth_method: "none" });
    expect(client).toMatchObject({ client_secret: "", token_endpoint_auth_method: "none" });
  });

  test("a public client that becomes a confidential one is told its secret", async () => {
    const { client_id } = await created({ ...documented, token_endpoint_auth_method: "none" });
    const reply = await ask("POST", `?client_id=${client_id}`, {
      body: { token_endpoint_auth_method: "client_secret_basic" },
    });
    expect(JSON.parse(reply.text).client_secret).toMatch(/^[\w-]{43}$/);
  });

  test("members that are none of a client's are ignored", async () => {
    const reply = await ask("POST", "", { body: { ...documented, favourite_colour: "x" } });
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.text)).not.toHaveProperty("favourite_colour");
  });
});

describe("G1: what is privileged or left out never loosens", () => {
  test("a client sets neither its id nor its secret nor its workplace", async () => {
    const client = await created({
      ...documented,
      client_id: "0".repeat(24),
      client_secret: "chosen",
      tenant_id: "0".repeat(16),
      tenantId: "0".repeat(16),
      secret_hash: "",
    });
    expect(client.client_id).not.toBe("0".repeat(24));
    expect(client.client_secret).not.toBe("chosen");
  });

  test("an update leaves as it is what it does not name", async () => {
    const restrictions = {
      scope: "openid",
      token_endpoint_auth_method: "client_secret_post",
      client_secret_expires_at: 4102444800,
    };
    const before = await created({ ...documented, ...restrictions });
    const reply = await ask("POST", `?client_id=${before.client_id}`, { body: { client_name: "Other" } });
    expect(JSON.parse(reply.text)).toMatchObject({ ...documented, ...restrictions, client_name: "Other" });
    const after = await ask("GET", `?client_id=${before.client_id}`);
    expect(JSON.parse(after.text)).toStrictEqual({ ...before, client_name: "Other" });
  });

  test("an empty update changes nothing", async () => {
    const before = await created(documented);
    expect((await ask("POST", `?client_id=${before.client_id}`, { body: {} })).status).toBe(200);
    expect(JSON.parse((await ask("GET", `?client_id=${before.client_id}`)).text)).toStrictEqual(before);
  });
});

describe("G2: an update is validated as a whole", () => {
  test.each([
    ["a native client with a private-use scheme becomes web", { application_type: "web" }, 1006],
    ["a client with client_credentials becomes public", { token_endpoint_auth_method: "none" }, 1005],
    ["the code grant goes, its response type stays", { grant_types: ["client_credentials"] }, 1005],
    ["the redirect URIs go, the code grant stays", { redirect_uris: [] }, 1006],
  ])("%s", async (_name, update, code) => {
    const before = await created({
      ...documented,
      redirect_uris: ["com.example.app:/callback"],
      grant_types: ["authorization_code", "client_credentials"],
    });
    const reply = await ask("POST", `?client_id=${before.client_id}`, { body: update });
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text)).toStrictEqual(errorBody(code, expect.any(String)));
    expect(JSON.parse((await ask("GET", `?client_id=${before.client_id}`)).text)).toStrictEqual(before);
  });

  test("a client that becomes public loses its secret", async () => {
    const { client_id } = await created(documented);
    await ask("POST", `?client_id=${client_id}`, { body: { token_endpoint_auth_method: "none" } });
    expect(JSON.parse((await ask("GET", `?client_id=${client_id}`)).text)).toMatchObject({ client_secret: "" });
  });
});

describe("pages of the list", () => {
  const nextOf = (reply: ApiReply) => /^<([^>]+)>; rel="next"$/.exec(String(reply.headers.link ?? ""))?.[1];
  const headers = () => ({ Authorization: `Bearer ${workplace.registrationToken}` });

  test("limit and the Link header lead through all clients, each once", async () => {
    for (let i = 0; i < 5; i++) await created({ ...documented, client_name: `Client ${i}` });
    const sizes: number[] = [];
    const ids: string[] = [];
    let address: string | undefined = `${signet.url}/v1/oidc/${workplace.name}/registration?limit=2`;
    while (address !== undefined) {
      const reply: ApiReply = await send(address, { headers: headers() });
      const page: { client_id: string }[] = JSON.parse(reply.text);
      sizes.push(page.length);
      ids.push(...page.map(({ client_id }) => client_id));
      address = nextOf(reply);
    }
    expect(sizes).toStrictEqual([2, 2, 1]);
    expect(new Set(ids).size).toBe(5);
  });

  test("without a limit the list is whole, beyond the registry's own pages", async () => {
    for (let made = 0; made < 210; made += 30) await Promise.all(Array.from({ length: 30 }, () => created(documented)));
    const reply = await ask("GET");
    expect(new Set(JSON.parse(reply.text).map(({ client_id }: { client_id: string }) => client_id)).size).toBe(210);
    expect(reply.headers.link).toBeUndefined();
  });

  test("T5: the link is made of the public URL, whatever the request says of its host", async () => {
    await created(documented);
    await created(documented);
    const evil = { Host: "evil.example", "X-Forwarded-Host": "evil.example", Forwarded: "host=evil.example;proto=https" };
    const reply = await ask("GET", "?limit=1", { headers: evil });
    expect(nextOf(reply)?.startsWith(`${signet.url}/v1/oidc/${workplace.name}/registration?limit=1&cursor=`)).toBe(true);
  });

  test.each(["0", "201", "-1", "1.5", "x", "1e1", "%20", "00000001"])("a limit of %s is refused", async (limit) => {
    const reply = await ask("GET", `?limit=${limit}`);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text)).toStrictEqual(errorBody(1004, "limit must be a whole number from 1 to 200"));
  });

  test.each(["x", "e30", "$ne", "a".repeat(600), "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw%3D"])(
    "Q9: the forged cursor %s is refused",
    async (cursor) => {
      const reply = await ask("GET", `?cursor=${cursor}`);
      expect(reply.status).toBe(400);
      expect(JSON.parse(reply.text)).toStrictEqual(errorBody(1004, expect.stringContaining("cursor")));
    },
  );
});

test("an empty list takes custom scopes away", async () => {
  const { client_id } = await created(documented);
  const reply = await ask("POST", `?client_id=${client_id}`, { body: { scopes: [] } });
  expect(JSON.parse(reply.text)).toMatchObject({ scopes: [] });
});
