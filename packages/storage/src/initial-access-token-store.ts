import type { InitialAccessTokenId, InitialAccessTokenTerms, Instant, SecretHash, TenantId } from "@signet/protocol";
import type { PageOf, PageRequest } from "./page.ts";

export interface StoredInitialAccessToken extends InitialAccessTokenTerms {
  readonly tenantId: TenantId;
  readonly id: InitialAccessTokenId;
  readonly hash: SecretHash;
  readonly createdAt: Instant;
  /** How often it was used. */
  readonly uses: number;
}

export interface InitialAccessTokenStore {
  create(token: StoredInitialAccessToken): Promise<void>;
  /** Undefined once it has expired; also where it was used as often as it may. */
  find(tenant: TenantId, id: InitialAccessTokenId, now: Instant): Promise<StoredInitialAccessToken | undefined>;
  /** Those that have not expired, by id; also those that were used as often as they may. */
  list(tenant: TenantId, page: PageRequest, now: Instant): Promise<PageOf<StoredInitialAccessToken>>;
  /** Counts one use. Of any number of concurrent calls exactly so many get true as the token may still be used; none once it has expired. */
  use(tenant: TenantId, id: InitialAccessTokenId, now: Instant): Promise<boolean>;
  /** Whether there was one. */
  delete(tenant: TenantId, id: InitialAccessTokenId): Promise<boolean>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
