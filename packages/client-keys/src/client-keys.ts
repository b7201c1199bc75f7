import type { X509Certificate } from "node:crypto";
import { type Outbound, OutboundError } from "@signet/outbound";
import {
  type ClientJwk,
  type ClientMetadata,
  type ClientSigningAlgorithm,
  type CompactJwt,
  clientSigningAlgorithms,
  JwtRefused,
  readClientJwks,
  type TenantId,
} from "@signet/protocol";
import { isKeyFor, isSignedWith } from "./algorithms.ts";
import { isCertificateOf } from "./certificates.ts";
import { type KeySet, keySetOf } from "./key-set.ts";

/** A client, or whoever else signs with keys that it has published. */
export interface KeyHolder {
  /** Whose share of the requests to hosts outside its keys are fetched in. */
  readonly tenantId: TenantId;
  readonly metadata: Pick<ClientMetadata, "jwks" | "jwksUri">;
}

/** What clients have published to be recognised by: their `jwks`, or what is at their `jwks_uri`. */
export interface ClientKeys {
  /**
   * Checks that the JWT was signed with one of the client's keys, by one of `algorithms`. A key that is missed makes `jwks_uri` be fetched again, at most
   * twice a minute, so that a client may change its keys at any time (OpenID Connect Core section 10.1.1).
   * @throws JwtRefused also where the keys cannot be fetched
   */
  verify(jwt: CompactJwt, client: KeyHolder, algorithms: readonly ClientSigningAlgorithm[]): Promise<void>;
  /**
   * Whether the client has published the certificate, or its key (RFC 8705 section 2.2.2). False where what it has published cannot be fetched.
   */
  publishes(certificate: X509Certificate, client: KeyHolder): Promise<boolean>;
}

export interface ClientKeysDependencies {
  readonly outbound: Pick<Outbound, "fetchJson">;
}

const jwksRequest = { maximumBytes: 64 * 1024, accept: "application/jwk-set+json, application/json" };
/** What is missed in a younger document is taken to be missing. */
const refetchedAgeMilliseconds = 30_000;

export function createClientKeys({ outbound }: ClientKeysDependencies): ClientKeys {
  /** @throws OutboundError */
  async function keysOf({ metadata, tenantId }: KeyHolder, maximumAgeMilliseconds?: number): Promise<KeySet> {
    const { jwks, jwksUri } = metadata;
    if (jwks !== undefined) return keySetOf(jwks, (keys: readonly ClientJwk[]) => keys);
    if (jwksUri === undefined) return [];
    const fetched = await outbound.fetchJson(jwksUri, {
      ...jwksRequest,
      tenant: tenantId,
      ...(maximumAgeMilliseconds === undefined ? {} : { maximumAgeMilliseconds }),
    });
    return typeof fetched === "object" && fetched !== null ? keySetOf(fetched, readClientJwks) : [];
  }

  /** Whether some key of the client's is right: among those that are known, or among those that are there now. */
  async function find(client: KeyHolder, isRight: (keys: KeySet) => boolean): Promise<boolean> {
    const known = await keysOf(client);
    if (isRight(known)) return true;
    if (client.metadata.jwksUri === undefined) return false;
    const current = await keysOf(client, refetchedAgeMilliseconds);
    return current !== known && isRight(current);
  }

  return {
    async verify(jwt, client, algorithms) {
      const algorithm = clientSigningAlgorithms.find((name) => name === jwt.header.alg);
      if (algorithm === undefined || !algorithms.includes(algorithm)) {
        throw new JwtRefused("alg: the client is registered for another", {
          expected: algorithms.join(", "),
          sent: jwt.header.alg,
        });
      }
      const isFound = await find(client, (keys) => isSignedByOne(jwt, algorithm, keys)).catch(refusedFor);
      if (!isFound) throw new JwtRefused("no key of the client's verifies it");
    },
    async publishes(certificate, client) {
      try {
        return await find(client, (keys) => isCertificateOf(keys, certificate));
      } catch (error) {
        if (error instanceof OutboundError) return false;
        throw error;
      }
    },
  };
}

function isSignedByOne(jwt: CompactJwt, algorithm: ClientSigningAlgorithm, keys: KeySet): boolean {
  const { kid } = jwt.header;
  return keys.some(
    ({ jwk, publicKey }) =>
      publicKey !== undefined &&
      (kid === undefined || jwk.kid === kid) &&
      isKeyFor(algorithm, jwk) &&
      isSignedWith(jwt, algorithm, publicKey),
  );
}

function refusedFor(error: unknown): never {
  if (error instanceof OutboundError) throw new JwtRefused(`the client's keys cannot be had: ${error.failure}`, { cause: error });
  throw error;
}
