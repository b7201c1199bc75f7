import { constants, createHmac, type KeyObject, timingSafeEqual, type VerifyKeyObjectInput, verify } from "node:crypto";
import {
  type ClientJwk,
  type ClientSecretAlgorithm,
  type ClientSigningAlgorithm,
  type CompactJwt,
  JwtRefused,
} from "@signet/protocol";

interface Signing {
  /** As node:crypto calls it; null where the algorithm brings its own. */
  readonly digest: string | null;
  readonly encoding: Omit<VerifyKeyObjectInput, "key">;
  readonly kty: ClientJwk["kty"];
  /** The curve that the algorithm is bound to, if any. */
  readonly crv?: string;
}

const pkcs1 = { padding: constants.RSA_PKCS1_PADDING };
const pss = (saltLength: number) => ({ padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
const ecdsa = { dsaEncoding: "ieee-p1363" } as const;

const ed25519 = { digest: null, encoding: {}, kty: "OKP", crv: "Ed25519" } as const;

/** RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864 section 2.2. */
const signings: Readonly<Record<ClientSigningAlgorithm, Signing>> = {
  RS256: { digest: "sha256", encoding: pkcs1, kty: "RSA" },
  RS384: { digest: "sha384", encoding: pkcs1, kty: "RSA" },
  RS512: { digest: "sha512", encoding: pkcs1, kty: "RSA" },
  PS256: { digest: "sha256", encoding: pss(32), kty: "RSA" },
  PS384: { digest: "sha384", encoding: pss(48), kty: "RSA" },
  PS512: { digest: "sha512", encoding: pss(64), kty: "RSA" },
  ES256: { digest: "sha256", encoding: ecdsa, kty: "EC", crv: "P-256" },
  ES384: { digest: "sha384", encoding: ecdsa, kty: "EC", crv: "P-384" },
  ES512: { digest: "sha512", encoding: ecdsa, kty: "EC", crv: "P-521" },
  EdDSA: ed25519,
  Ed25519: ed25519,
};

/** Whether the key is one that the algorithm uses, and says of itself nothing to the contrary (RFC 7517 sections 4.2 to 4.4). */
export function isKeyFor(algorithm: ClientSigningAlgorithm, jwk: ClientJwk): boolean {
  const { kty, crv } = signings[algorithm];
  return (
    jwk.kty === kty &&
    (crv === undefined || ("crv" in jwk && jwk.crv === crv)) &&
    (jwk.use === undefined || jwk.use === "sig") &&
    (jwk.alg === undefined || jwk.alg === algorithm) &&
    (jwk.key_ops === undefined || jwk.key_ops.includes("verify"))
  );
}

/** Whether the JWT was signed with this key by this algorithm: the header has no say in either. */
export function isSignedWith(
  { signingInput, signature }: CompactJwt,
  algorithm: ClientSigningAlgorithm,
  key: KeyObject,
): boolean {
  const { digest, encoding } = signings[algorithm];
  try {
    return verify(digest, Buffer.from(signingInput, "ascii"), { key, ...encoding }, signature);
  } catch {
    // A key whose parameters cannot be calculated with, such as an even exponent: nothing is signed with it.
    return false;
  }
}

const macs: Readonly<Record<ClientSecretAlgorithm, { readonly digest: string; readonly bytes: number }>> = {
  HS256: { digest: "sha256", bytes: 32 },
  HS384: { digest: "sha384", bytes: 48 },
  HS512: { digest: "sha512", bytes: 64 },
};

/**
 * Checks that the JWT bears a MAC whose key is the secret's characters (OpenID Connect Core section 16.19), compared in constant time.
 * @throws JwtRefused also where the secret is shorter than the algorithm's hash (RFC 7518 section 3.2)
 */
export function checkMac({ signingInput, signature }: CompactJwt, algorithm: ClientSecretAlgorithm, secret: string): void {
  const { digest, bytes } = macs[algorithm];
  if (Buffer.byteLength(secret) < bytes) throw new JwtRefused(`the client's secret is too short for ${algorithm}`);
  const expected = createHmac(digest, secret).update(signingInput, "ascii").digest();
  if (expected.length !== signature.length || !timingSafeEqual(expected, signature)) throw new JwtRefused("the MAC is wrong");
}
