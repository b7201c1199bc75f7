import { type Instant, isSecretOf, OAuthError, parseInitialAccessToken, ResourceError } from "@signet/protocol";
import type { StoredTenant } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";

/** What a registration was let in by. */
export interface Opening {
  /** Whether anybody may come so. */
  readonly isOpen: boolean;
  /** Counts the registration, once it is sure to be made. @throws OAuthError invalid_token where others have used the token up meanwhile */
  count(): Promise<void>;
}

/**
 * Whether the tenant lets a client register itself with this token, which is empty for none. Its registration token is as good as an initial access token,
 * as often as one likes: its holder may register clients anyhow.
 * @throws ResourceError forbidden where nobody may; unauthenticated where a token is needed and none was sent
 * @throws OAuthError invalid_token
 */
export async function requireOpening(
  tenant: StoredTenant,
  token: string,
  { stores }: Pick<RegistryDependencies, "stores">,
  now: Instant,
): Promise<Opening> {
  const { mode } = tenant.settings.registration;
  if (mode === "off") throw new ResourceError("forbidden", "clients do not register themselves here; ask the administrator");
  if (token === "") {
    if (mode === "open") return { isOpen: true, count: async () => {} };
    throw new ResourceError("unauthenticated", "an initial access token is needed, sent as a Bearer token");
  }
  if (isSecretOf(token, tenant.registrationTokenHash)) return { isOpen: false, count: async () => {} };
  const { initialAccessTokens } = stores;
  const sent = parseInitialAccessToken(token);
  const stored = sent && (await initialAccessTokens.find(tenant.id, sent.id, now));
  if (stored === undefined || !isSecretOf(sent?.secret ?? "", stored.hash) || stored.uses >= stored.maximumUses) {
    throw initialAccessTokenRefused();
  }
  return {
    isOpen: false,
    async count() {
      if (!(await initialAccessTokens.use(tenant.id, stored.id, now))) throw initialAccessTokenRefused();
    },
  };
}

/** One answer to all that is wrong with such a token. */
function initialAccessTokenRefused(): OAuthError {
  return new OAuthError("invalid_token", "the initial access token is unknown, has expired or was used as often as it may be");
}
