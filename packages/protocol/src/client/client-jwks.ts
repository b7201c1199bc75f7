import { z } from "zod";
import { jsonIn } from "../json/json.ts";
import { refusedMetadata } from "./members.ts";

const maximumBytes = 64 * 1024;
const maximumKeys = 20;
const maximumParameterLength = 2048;
const leastModulusBytes = 256;
/** Whoever registers a key chooses how long it takes to verify with it: at most twice as long as with the usual key of this length. */
const mostModulusBytes = 512;
const mostExponentBytes = 4;

const parameter = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/)
  .max(maximumParameterLength);
const text = z.string().min(1).max(256);
const certificate = z
  .string()
  .regex(/^[A-Za-z0-9+/]+={0,2}$/)
  .max(16 * 1024);

/** Of every key, RFC 7517 section 4. */
const described = {
  kid: text.exactOptional(),
  use: text.exactOptional(),
  alg: text.exactOptional(),
  key_ops: z.array(text).max(10).exactOptional(),
  x5c: z.array(certificate).min(1).max(5).exactOptional(),
  "x5t#S256": text.exactOptional(),
};

const modulus = parameter.refine((value) => {
  const { length } = Buffer.from(value, "base64url");
  return length >= leastModulusBytes && length <= mostModulusBytes;
});
const exponent = parameter.refine((value) => Buffer.from(value, "base64url").length <= mostExponentBytes);
const clientJwk = z.discriminatedUnion("kty", [
  z.object({ kty: z.literal("RSA"), n: modulus, e: exponent, ...described }),
  z.object({ kty: z.literal("EC"), crv: z.enum(["P-256", "P-384", "P-521"]), x: parameter, y: parameter, ...described }),
  z.object({ kty: z.literal("OKP"), crv: z.enum(["Ed25519", "X25519"]), x: parameter, ...described }),
]);

/** A public key of a client (RFC 7517 section 4): RSA of 2048 to 4096 bits, a NIST curve, or Curve25519. */
export type ClientJwk = z.output<typeof clientJwk>;

const jwkSet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(maximumKeys) });
const fetchedSet = z.object({ keys: z.array(z.unknown()) });
const knownTypes: ReadonlySet<string> = new Set(["RSA", "EC", "OKP"]);
/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4: what only the holder of a key may know. */
const secretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/**
 * The keys in a JWK Set (RFC 7517 section 5), of at most 64 KiB and 20 keys, without members that are not known. Keys of a type that is not known are
 * left out; private and symmetric ones are refused, since whoever shows one has given it away.
 * @throws OAuthError invalid_client_metadata
 */
export function parseClientJwks(json: string): readonly ClientJwk[] {
  if (json.length > maximumBytes) throw refusedMetadata(`jwks may have at most ${maximumBytes} characters`);
  const set = jwkSet.safeParse(jsonIn(json));
  if (!set.success)
    throw refusedMetadata(`jwks must be a JWK Set: an object whose member keys is a list of at most ${maximumKeys} keys`);
  return set.data.keys.flatMap((key, index) => {
    if (key.kty === "oct" || hasSecretMember(key)) {
      throw refusedMetadata(
        `jwks.keys[${index}] must be a public key: it has a private or symmetric part, which is no secret any more`,
      );
    }
    if (!knownTypes.has(key.kty)) return [];
    const known = clientJwk.safeParse(key);
    if (known.success) return [known.data];
    throw refusedMetadata(
      `jwks.keys[${index}] must be an RSA key of at least 2048 bits and at most 4096, with an exponent of at most 32, or one on P-256, P-384, P-521, Ed25519 or X25519, with all its parameters`,
    );
  });
}

/**
 * The usable keys in a JWK Set that was fetched: of the first 20, those that `parseClientJwks` would accept. The others are as if they were not there, so that a
 * client can publish keys of kinds that are not known here.
 */
export function readClientJwks(set: unknown): readonly ClientJwk[] {
  const keys = fetchedSet.safeParse(set);
  if (!keys.success) return [];
  return keys.data.keys.slice(0, maximumKeys).flatMap((key) => {
    const known = clientJwk.safeParse(key).data;
    return known === undefined || hasSecretMember(key) ? [] : [known];
  });
}

function hasSecretMember(key: unknown): boolean {
  return typeof key === "object" && key !== null && secretMembers.some((member) => member in key);
}

/** The reverse of `parseClientJwks`. */
export function formatClientJwks(keys: readonly ClientJwk[]): string {
  return JSON.stringify({ keys });
}
