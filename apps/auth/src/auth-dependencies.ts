import type { token } from "@signet/contracts";
import type { Outbound } from "@signet/outbound";
import type { Clock, Random } from "@signet/protocol";
import type { Directory, Subjects } from "@signet/registry-client";
import type { AuthStores } from "@signet/storage";
import type { SignInGuard } from "./limits/sign-in-limits.ts";
import type { PasswordHasher } from "./passwords/password-hasher.ts";
import type { SignOutDelivery } from "./sign-out/sign-out-delivery.ts";

/** What this service asks of the token service. */
export type TokenClient = Pick<token.TokenServiceClient, "endSession" | "readIdTokenHint" | "signLogoutToken">;

/** What the service is made of; each use case names the part that it needs. */
export interface AuthDependencies {
  readonly stores: AuthStores;
  readonly directory: Directory;
  readonly subjects: Subjects;
  readonly tokens: TokenClient;
  readonly passwords: PasswordHasher;
  readonly signIns: SignInGuard;
  readonly clock: Clock;
  readonly random: Random;
  readonly outbound: Outbound;
  readonly signOutDelivery: Pick<SignOutDelivery, "wake" | "added">;
  /** The default tenant's issuer, which the others' are beneath. No trailing slash. */
  readonly publicUrl: string;
}
