import { generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import type { RegisteredClient } from "@signet/testkit";
import { SignJWT } from "jose";

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const curves: Readonly<Record<string, string>> = { ES256: "P-256", ES384: "P-384", ES512: "P-521", ES256K: "secp256k1" };
const edwards: Readonly<Record<string, "ed25519" | "ed448">> = { EdDSA: "ed25519", Ed25519: "ed25519", Ed448: "ed448" };
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const keys = new Map<string, { readonly publicKey: KeyObject; readonly privateKey: KeyObject }>();

/** One key pair for each algorithm. */
export function keyPairFor(algorithm: string) {
  const known = keys.get(algorithm);
  if (known !== undefined) return known;
  const [namedCurve, edwardsCurve] = [curves[algorithm], edwards[algorithm]];
  const pair =
    namedCurve !== undefined
      ? generateKeyPairSync("ec", { namedCurve })
      : edwardsCurve === "ed25519"
        ? generateKeyPairSync("ed25519")
        : edwardsCurve === "ed448"
          ? generateKeyPairSync("ed448")
          : rsa;
  keys.set(algorithm, pair);
  return pair;
}

/** The JWK Set that a client registers to sign with the algorithm. */
export function jwksFor(algorithm: string): { readonly keys: readonly object[] } {
  return { keys: [keyPairFor(algorithm).publicKey.export({ format: "jwk" })] };
}

/** What a client claims rightly in an assertion that is good for a minute. */
export function assertionClaims({ client_id }: Pick<RegisteredClient, "client_id">, issuer: string, now: number) {
  const seconds = Math.floor(now / 1000);
  return { iss: client_id, sub: client_id, aud: issuer, exp: seconds + 60, iat: seconds, jti: randomUUID() };
}

/** The form members with which a client authenticates by an assertion: by its secret for the HS algorithms, by its key for the others. */
export async function assertionForm(client: RegisteredClient, issuer: string, alg: string): Promise<Record<string, string>> {
  const key = alg.startsWith("HS") ? Buffer.from(client.client_secret) : keyPairFor(alg).privateKey;
  const jwt = new SignJWT(assertionClaims(client, issuer, Date.now())).setProtectedHeader({ alg });
  return { client_assertion_type: assertionType, client_assertion: await jwt.sign(key) };
}
