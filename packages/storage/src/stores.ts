import type { AccessTokenStore } from "./access-token-store.ts";
import type { AdministrationStore } from "./administration-store.ts";
import type { AuthorizationCodeStore } from "./authorization-code-store.ts";
import type { ChangeFeed } from "./change-feed.ts";
import type { ClientStore } from "./client-store.ts";
import type { ConsentStore } from "./consent-store.ts";
import type { DataKeyStore } from "./data-key-store.ts";
import type { GrantStore } from "./grant-store.ts";
import type { InitialAccessTokenStore } from "./initial-access-token-store.ts";
import type { InteractionStore } from "./interaction-store.ts";
import type { RateLimitStore } from "./rate-limit-store.ts";
import type { RefusalStore } from "./refusal-store.ts";
import type { ReplayStore } from "./replay-store.ts";
import type { SessionStore } from "./session-store.ts";
import type { SignOutTaskStore } from "./sign-out-task-store.ts";
import type { SigningKeyStore } from "./signing-key-store.ts";
import type { SubjectSecretStore } from "./subject-secret-store.ts";
import type { TenantStore } from "./tenant-store.ts";
import type { UserStore } from "./user-store.ts";

/** What services have in common: the limits of one deployment are the same for all that count against them. */
export interface SharedStores {
  readonly rateLimits: RateLimitStore;
}

/** What each service owns. */
export interface RegistryStores extends SharedStores {
  readonly tenants: TenantStore;
  readonly clients: ClientStore;
  readonly initialAccessTokens: InitialAccessTokenStore;
  readonly administration: AdministrationStore;
  readonly registryDataKeys: DataKeyStore;
  readonly subjectSecrets: SubjectSecretStore;
  readonly changes: ChangeFeed;
  readonly refusals: RefusalStore;
}

export interface AuthStores extends SharedStores {
  readonly users: UserStore;
  readonly consents: ConsentStore;
  readonly sessions: SessionStore;
  readonly interactions: InteractionStore;
  readonly codes: AuthorizationCodeStore;
  readonly signOutTasks: SignOutTaskStore;
}

export interface TokenStores extends SharedStores {
  readonly grants: GrantStore;
  readonly accessTokens: AccessTokenStore;
  readonly replays: ReplayStore;
  readonly signingKeys: SigningKeyStore;
  readonly tokenDataKeys: DataKeyStore;
}

/** Every port by its name. */
export interface Stores extends RegistryStores, AuthStores, TokenStores {}
