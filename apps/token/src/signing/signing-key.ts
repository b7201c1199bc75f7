import { createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { type PublicJwk, publicJwkOf, type SigningAlgorithm } from "@signet/protocol";

/**
 * What a compact JWS may be here: an ID token, an access token (RFC 9068 section 2.1), what was said of a token (RFC 9701 section 5), or a logout token
 * (OpenID Connect Back-Channel Logout section 2.4).
 */
export type JwsType = "JWT" | "at+jwt" | "token-introspection+jwt" | "logout+jwt";

/** What a signature is verified with. */
export interface VerificationKey {
  readonly jwk: PublicJwk;
  readonly publicKey: KeyObject;
  /** The header of each type as the first segment of a token, encoded once: every token of one key and type begins with the same characters. */
  readonly headers: Readonly<Record<JwsType, string>>;
}

export interface SigningKey extends VerificationKey {
  readonly privateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/** Makes a key pair on the thread pool: 2048 bits of RSA take some hundred milliseconds. */
export async function newSigningKey(algorithm: SigningAlgorithm): Promise<SigningKey> {
  const { privateKey, publicKey } = await keyPair(algorithm);
  const jwk = publicJwkOf(publicKey.export({ format: "jwk" }), algorithm);
  return { ...verificationKey(jwk, publicKey), privateKey };
}

function keyPair(algorithm: SigningAlgorithm) {
  switch (algorithm) {
    case "RS256":
    case "PS256":
      return generate("rsa", { modulusLength: 2048 });
    case "ES256":
      return generate("ec", { namedCurve: "P-256" });
    case "EdDSA":
    case "Ed25519":
      return generate("ed25519");
  }
}

/** A key as it was published, ready to verify with. */
export function publishedKey(jwk: PublicJwk): VerificationKey {
  return verificationKey(jwk, createPublicKey({ key: jwk, format: "jwk" }));
}

function verificationKey(jwk: PublicJwk, publicKey: KeyObject): VerificationKey {
  return {
    jwk,
    publicKey,
    headers: {
      JWT: header("JWT", jwk),
      "at+jwt": header("at+jwt", jwk),
      "token-introspection+jwt": header("token-introspection+jwt", jwk),
      "logout+jwt": header("logout+jwt", jwk),
    },
  };
}

function header(typ: JwsType, { alg, kid }: PublicJwk): string {
  return Buffer.from(JSON.stringify({ alg, typ, kid })).toString("base64url");
}
