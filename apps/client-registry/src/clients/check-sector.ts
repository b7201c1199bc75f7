import type { Outbound } from "@signet/outbound";
import { OutboundError } from "@signet/outbound";
import { type ClientMetadata, isSectorOf, OAuthError, type TenantId } from "@signet/protocol";
import type { RegistryDependencies } from "../registry-dependencies.ts";

const maximumBytes = 64 * 1024;
/** Who has just mended the document need not wait for what was fetched before. */
const maximumAgeMilliseconds = 2000;

/**
 * Asks the sector identifier whether the client's redirect URIs belong to it, unless that was asked when the client had these very members
 * (OpenID Connect Registration section 5).
 * @throws OAuthError invalid_client_metadata
 */
export async function checkSector(
  tenant: TenantId,
  metadata: ClientMetadata,
  earlier: ClientMetadata | undefined,
  { outbound }: Pick<RegistryDependencies, "outbound">,
): Promise<void> {
  const { sectorIdentifierUri: uri, redirectUris } = metadata;
  if (uri === undefined || (earlier?.sectorIdentifierUri === uri && hasAll(earlier.redirectUris, redirectUris))) return;
  if (!isSectorOf(await fetchSector(uri, tenant, outbound), redirectUris)) {
    throw new OAuthError(
      "invalid_client_metadata",
      "sector_identifier_uri must lead to a JSON array of texts with every one of redirect_uris in it",
    );
  }
}

function hasAll(all: readonly string[], some: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}

async function fetchSector(uri: string, tenant: TenantId, outbound: Outbound): Promise<unknown> {
  try {
    // Its host vouches for the redirect URIs: not whoever a link through it leads to.
    const accept = "application/json";
    return await outbound.fetchJson(uri, { tenant, maximumBytes, accept, maximumAgeMilliseconds, staysAtHost: true });
  } catch (cause) {
    if (!(cause instanceof OutboundError)) throw cause;
    throw new OAuthError("invalid_client_metadata", "sector_identifier_uri could not be fetched, or has no JSON", { cause });
  }
}
