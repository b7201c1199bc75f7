import { type ClientKeys, checkMac } from "@signet/client-keys";
import {
  assertionAlgorithms,
  assertionAudiences,
  assertionRefused,
  type Client,
  type CompactJwt,
  checkAssertionClaims,
  checkSecretExpiry,
  clientSecretAlgorithms,
  clientSigningAlgorithms,
  hashSecret,
  type Instant,
  issuerOf,
  JwtRefused,
  parseCompactJwt,
  type Tenant,
} from "@signet/protocol";
import type { ReplayStore } from "@signet/storage";

export interface AssertionDependencies {
  readonly clientKeys: ClientKeys;
  readonly replays: ReplayStore;
  /** What every issuer begins with, without a trailing slash. */
  readonly publicUrl: string;
}

/**
 * Checks that an assertion is the client's, for this tenant, now, and for the first time: `client_secret_jwt` and `private_key_jwt` (OpenID Connect Core section 9,
 * RFC 7523 section 3). Its use is noted last, by one step of the store, so that nobody but the client can use it up.
 * @throws OAuthError invalid_client
 */
export async function checkAssertion(
  assertion: string,
  client: Client,
  tenant: Tenant,
  now: Instant,
  dependencies: AssertionDependencies,
): Promise<void> {
  try {
    const jwt = parseCompactJwt(assertion);
    const audiences = assertionAudiences(issuerOf(dependencies.publicUrl, tenant.name));
    const use = checkAssertionClaims(jwt, { clientId: client.id, audiences, now });
    await checkSignature(jwt, client, now, dependencies);
    const hash = hashSecret(`${client.id} ${use.jti}`);
    const outcome = await dependencies.replays.use(tenant.id, { ...use, hash }, now);
    if (outcome === "replayed") throw new JwtRefused("its jti was used before");
    if (outcome === "forgotten")
      throw new JwtRefused("whether its jti was used before is not known any more: a newer one, with iat, is needed");
  } catch (error) {
    if (error instanceof JwtRefused) throw assertionRefused(error);
    throw error;
  }
}

/** @throws JwtRefused, OAuthError invalid_client */
async function checkSignature(
  jwt: CompactJwt,
  client: Client,
  now: Instant,
  { clientKeys }: Pick<AssertionDependencies, "clientKeys">,
): Promise<void> {
  const algorithms = assertionAlgorithms(client.metadata);
  if (client.metadata.tokenEndpointAuthMethod === "private_key_jwt") {
    return clientKeys.verify(
      jwt,
      client,
      clientSigningAlgorithms.filter((algorithm) => algorithms.includes(algorithm)),
    );
  }
  const algorithm = clientSecretAlgorithms.find((name) => name === jwt.header.alg);
  if (algorithm === undefined || !algorithms.includes(algorithm)) {
    throw new JwtRefused("alg: the client is registered for another", { expected: algorithms.join(", "), sent: jwt.header.alg });
  }
  if (client.assertionSecret === undefined)
    throw new Error("the registry did not tell the secret that assertions are verified with");
  checkSecretExpiry(client, now);
  checkMac(jwt, algorithm, client.assertionSecret);
}
