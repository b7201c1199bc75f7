import { createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createOutbound } from "@signet/outbound";
import {
  type Client,
  type ClientMetadataDraft,
  type ClientSigningAlgorithm,
  clientSecretAlgorithms,
  clientSigningAlgorithms,
  instant,
  JwtRefused,
  later,
  newClientId,
  newTenantId,
  parseClientMetadata,
  parseCompactJwt,
} from "@signet/protocol";
import { type JWK, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { checkMac } from "./algorithms.ts";
import { createClientKeys } from "./client-keys.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const edwards = generateKeyPairSync("ed25519");
const pairs: Readonly<Record<ClientSigningAlgorithm, { readonly publicKey: KeyObject; readonly privateKey: KeyObject }>> = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ES384: generateKeyPairSync("ec", { namedCurve: "P-384" }),
  ES512: generateKeyPairSync("ec", { namedCurve: "P-521" }),
  EdDSA: edwards,
  Ed25519: edwards,
};

type Members = Readonly<Record<string, unknown>>;
const publicJwk = (algorithm: ClientSigningAlgorithm, members: Members = {}): JWK => ({
  ...pairs[algorithm].publicKey.export({ format: "jwk" }),
  ...members,
});

function clientWith(draft: ClientMetadataDraft): Client {
  const metadata = parseClientMetadata({
    grantTypes: ["client_credentials"],
    tokenEndpointAuthMethod: "private_key_jwt",
    ...draft,
  });
  return { id: newClientId(randomBytes), tenantId: newTenantId(randomBytes), metadata };
}

const inline = (...keys: readonly JWK[]) => clientWith({ jwks: JSON.stringify({ keys }) });

async function signed(algorithm: ClientSigningAlgorithm, header: Members = {}, key = pairs[algorithm].privateKey) {
  return parseCompactJwt(await new SignJWT({ sub: "app" }).setProtectedHeader({ alg: algorithm, ...header }).sign(key));
}

const noOutbound = createOutbound({ allowedHosts: [], clock: () => instant(0) });
const keysOfInline = createClientKeys({ outbound: noOutbound });

describe("inline keys", () => {
  test.each(clientSigningAlgorithms)(
    "%s: what another library signed is verified with the key that is published",
    async (algorithm) => {
      const jwt = await signed(algorithm);
      await expect(keysOfInline.verify(jwt, inline(publicJwk(algorithm)), clientSigningAlgorithms)).resolves.toBeUndefined();
    },
  );

  test.each(clientSigningAlgorithms)("%s: what is changed after it was signed is refused", async (algorithm) => {
    const jwt = await signed(algorithm);
    const changed = { ...jwt, signingInput: `${jwt.signingInput}A` };
    await expect(keysOfInline.verify(changed, inline(publicJwk(algorithm)), clientSigningAlgorithms)).rejects.toThrow(JwtRefused);
  });

  test("the key that the header names is the one that counts, and without a name any of the client's", async () => {
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });
    const client = inline({ ...other, kid: "old" }, publicJwk("ES256", { kid: "new" }));
    const verify = async (header: Members) => keysOfInline.verify(await signed("ES256", header), client, ["ES256"]);
    await expect(verify({ kid: "new" })).resolves.toBeUndefined();
    await expect(verify({})).resolves.toBeUndefined();
    await expect(verify({ kid: "old" })).rejects.toThrow(JwtRefused);
    await expect(verify({ kid: "unknown" })).rejects.toThrow(JwtRefused);
  });

  test.each<[string, Members]>([
    ["encryption", { use: "enc" }],
    ["another algorithm", { alg: "PS256" }],
    ["signing only", { key_ops: ["sign"] }],
  ])("a key that is published for %s verifies nothing", async (_what, members) => {
    await expect(keysOfInline.verify(await signed("RS256"), inline(publicJwk("RS256", members)), ["RS256"])).rejects.toThrow(
      JwtRefused,
    );
  });

  test("an algorithm that the client is not registered for is refused, though the key could do it", async () => {
    await expect(keysOfInline.verify(await signed("RS384"), inline(publicJwk("RS256")), ["RS256"])).rejects.toThrow(JwtRefused);
  });

  test("Ed25519 and EdDSA are two names, and a client or a key that is registered with one is not heard under the other", async () => {
    const [bare, old] = [inline(publicJwk("Ed25519")), inline(publicJwk("Ed25519", { alg: "EdDSA" }))];
    await expect(keysOfInline.verify(await signed("Ed25519"), bare, ["EdDSA"])).rejects.toThrow(JwtRefused);
    await expect(keysOfInline.verify(await signed("EdDSA"), bare, ["Ed25519"])).rejects.toThrow(JwtRefused);
    await expect(keysOfInline.verify(await signed("Ed25519"), old, clientSigningAlgorithms)).rejects.toThrow(JwtRefused);
    await expect(keysOfInline.verify(await signed("EdDSA"), old, clientSigningAlgorithms)).resolves.toBeUndefined();
  });

  test("A4: a MAC whose key is the client's public key is refused", async () => {
    const jwt = await signed("RS256");
    const publicPem = rsa.publicKey.export({ type: "spki", format: "pem" });
    for (const key of [publicPem, JSON.stringify(publicJwk("RS256"))]) {
      const signingInput = `${Buffer.from('{"alg":"HS256"}').toString("base64url")}.${jwt.signingInput.split(".")[1]}`;
      const signature = createHmac("sha256", key).update(signingInput).digest();
      const forged = parseCompactJwt(`${signingInput}.${signature.toString("base64url")}`);
      await expect(keysOfInline.verify(forged, inline(publicJwk("RS256")), clientSigningAlgorithms)).rejects.toThrow(JwtRefused);
    }
  });

  test.each(["none", "nOnE", "NONE", "HS256", "rs256", "RS1", ""])("A3: the algorithm %j is refused", async (alg) => {
    const jwt = await signed("RS256");
    const renamed = { ...jwt, header: { alg } };
    await expect(keysOfInline.verify(renamed, inline(publicJwk("RS256")), clientSigningAlgorithms)).rejects.toThrow(JwtRefused);
    await expect(
      keysOfInline.verify({ ...renamed, signature: Buffer.alloc(0) }, inline(publicJwk("RS256")), clientSigningAlgorithms),
    ).rejects.toThrow(JwtRefused);
  });

  test("a key that is no point of its curve verifies nothing, and stops no other", async () => {
    const off = { ...publicJwk("ES256"), y: publicJwk("ES256").x ?? "" };
    await expect(keysOfInline.verify(await signed("ES256"), inline(off), ["ES256"])).rejects.toThrow(JwtRefused);
    await expect(keysOfInline.verify(await signed("ES256"), inline(off, publicJwk("ES256")), ["ES256"])).resolves.toBeUndefined();
  });
});

describe("keys at jwks_uri", () => {
  let server: Server;
  let asked = 0;
  let reply: () => string | undefined;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      asked++;
      const text = reply();
      if (text !== undefined) response.end(text);
      else response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  beforeEach(() => {
    asked = 0;
  });
  afterAll(() => {
    server.close();
  });

  function open() {
    let now = instant(1_800_000_000_000);
    const { port } = server.address() as AddressInfo;
    const outbound = createOutbound({ allowedHosts: [`127.0.0.1:${port}`], clock: () => now });
    onTestFinished(() => {
      reply = () => undefined;
    });
    return {
      keys: createClientKeys({ outbound }),
      client: clientWith({ jwksUri: `http://127.0.0.1:${port}/jwks` }),
      advance(milliseconds: number) {
        now = later(now, milliseconds);
      },
    };
  }

  const set = (...keys: readonly unknown[]) => JSON.stringify({ keys });

  test("are fetched once for many assertions", async () => {
    reply = () => set(publicJwk("ES256", { kid: "1" }));
    const { keys, client } = open();
    for (let times = 0; times < 3; times++) await keys.verify(await signed("ES256", { kid: "1" }), client, ["ES256"]);
    expect(asked).toBe(1);
  });

  test("are fetched again for a key that is missed, twice a minute at most, however many miss it", async () => {
    const { keys, client, advance } = open();
    const old = generateKeyPairSync("ec", { namedCurve: "P-256" });
    reply = () => set({ ...old.publicKey.export({ format: "jwk" }), kid: "1" });
    await keys.verify(await signed("ES256", { kid: "1" }, old.privateKey), client, ["ES256"]);
    const fresh = await signed("ES256", { kid: "2" });
    await expect(keys.verify(fresh, client, ["ES256"])).rejects.toThrow(JwtRefused);
    expect(asked).toBe(1);

    advance(30_001);
    await expect(keys.verify(fresh, client, ["ES256"])).rejects.toThrow(JwtRefused);
    expect(asked).toBe(2);
    for (let times = 0; times < 10; times++) await expect(keys.verify(fresh, client, ["ES256"])).rejects.toThrow(JwtRefused);
    expect(asked).toBe(2);

    reply = () => set(publicJwk("ES256", { kid: "2" }));
    advance(30_001);
    await keys.verify(fresh, client, ["ES256"]);
    expect(asked).toBe(3);
    await expect(keys.verify(await signed("ES256", { kid: "1" }, old.privateKey), client, ["ES256"])).rejects.toThrow(JwtRefused);
  });

  test("that are private, symmetric, weak or unknown are left out, and stop no other", async () => {
    const { keys, client } = open();
    const weak = generateKeyPairSync("rsa", { modulusLength: 1024 });
    reply = () =>
      set(
        { kty: "oct", k: "c2VjcmV0" },
        { kty: "AKP", alg: "ML-DSA-44", pub: "x" },
        "text",
        pairs.EdDSA.privateKey.export({ format: "jwk" }),
        weak.publicKey.export({ format: "jwk" }),
        publicJwk("ES256"),
      );
    await keys.verify(await signed("ES256"), client, ["ES256"]);
    await expect(keys.verify(await signed("EdDSA"), client, ["EdDSA"])).rejects.toThrow(JwtRefused);
    const { signingInput } = await signed("RS256");
    // By node:crypto: the library refuses to sign with so short a key.
    const byWeak = {
      ...parseCompactJwt(`${signingInput}.c2ln`),
      signature: sign("sha256", Buffer.from(signingInput), weak.privateKey),
    };
    await expect(keys.verify(byWeak, client, ["RS256"])).rejects.toThrow(JwtRefused);
  });

  test.each([undefined, "", "[]", "null", '"text"', "{}", '{"keys":{}}', "<html>"])(
    "that are no JWK Set (%j) verify nothing",
    async (text) => {
      reply = () => text;
      const { keys, client } = open();
      await expect(keys.verify(await signed("ES256"), client, ["ES256"])).rejects.toThrow(JwtRefused);
    },
  );

  test("S1: at an address that is not public verify nothing, and are not asked for", async () => {
    reply = () => set(publicJwk("ES256"));
    const { port } = server.address() as AddressInfo;
    const client = clientWith({ jwksUri: `https://127.0.0.1:${port}/jwks` });
    await expect(keysOfInline.verify(await signed("ES256"), client, ["ES256"])).rejects.toThrow(JwtRefused);
    expect(asked).toBe(0);
  });
});

describe("a MAC with the client's secret", () => {
  const secret = "s".repeat(64);
  const mac = async (alg: string, key: string) =>
    parseCompactJwt(await new SignJWT({ sub: "app" }).setProtectedHeader({ alg }).sign(Buffer.from(key)));

  test.each(clientSecretAlgorithms)("%s: is accepted with that secret and no other", async (algorithm) => {
    const jwt = await mac(algorithm, secret);
    expect(() => checkMac(jwt, algorithm, secret)).not.toThrow();
    expect(() => checkMac(jwt, algorithm, `${secret.slice(1)}x`)).toThrow(JwtRefused);
    expect(() => checkMac({ ...jwt, signature: jwt.signature.subarray(1) }, algorithm, secret)).toThrow(JwtRefused);
  });

  test("is refused where the secret is shorter than the hash", async () => {
    const short = "s".repeat(43);
    expect(() => checkMac({ ...parseCompactJwt("eyJhbGciOiJIUzUxMiJ9.e30.c2ln") }, "HS512", short)).toThrow("too short");
  });
});
