import { hash } from "node:crypto";
import { z } from "zod";
import { type SigningAlgorithm, signingAlgorithms } from "../client/client.ts";

const parameter = z.string().regex(/^[A-Za-z0-9_-]+$/);
const keyParameters = z.discriminatedUnion("kty", [
  z.object({ kty: z.literal("RSA"), e: parameter, n: parameter }),
  z.object({ kty: z.literal("EC"), crv: z.literal("P-256"), x: parameter, y: parameter }),
  z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: parameter }),
]);

/** The public part of a key, and nothing else: RFC 7518 sections 6.2.1 and 6.3.1, RFC 8037 section 2. */
export type KeyParameters = z.infer<typeof keyParameters>;

/** A public signing key, RFC 7517 section 4. */
export type PublicJwk = KeyParameters & { readonly kid: string; readonly use: "sig"; readonly alg: SigningAlgorithm };

const publicJwk = z.intersection(
  keyParameters,
  z.object({ kid: z.string().min(1), use: z.literal("sig"), alg: z.enum(signingAlgorithms) }),
);

/**
 * The public key in `jwk`, which may be a private one: its private members are left behind (RFC 7518 sections 6.2.2 and 6.3.2).
 * @throws ZodError where it is not a key of a kind that Signet signs with
 */
export function publicJwkOf(jwk: unknown, algorithm: SigningAlgorithm): PublicJwk {
  const parameters = keyParameters.parse(jwk);
  return { ...parameters, kid: jwkThumbprint(parameters), use: "sig", alg: algorithm };
}

/** Reads what `JSON.stringify` made of a `PublicJwk`. @throws ZodError, SyntaxError */
export function parsePublicJwk(json: string): PublicJwk {
  return publicJwk.parse(JSON.parse(json));
}

/** RFC 7638 section 3, with SHA-256: the required members in lexicographic order, without white space. */
export function jwkThumbprint(key: KeyParameters): string {
  return hash("sha256", JSON.stringify(requiredMembers(key)), "base64url");
}

function requiredMembers(key: KeyParameters): object {
  switch (key.kty) {
    case "RSA":
      return { e: key.e, kty: key.kty, n: key.n };
    case "EC":
      return { crv: key.crv, kty: key.kty, x: key.x, y: key.y };
    case "OKP":
      return { crv: key.crv, kty: key.kty, x: key.x };
  }
}
