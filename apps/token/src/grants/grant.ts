import type { auth } from "@signet/contracts";
import type { Client, GrantType, Instant, Parameters, Tenant, TokenConfirmation } from "@signet/protocol";
import type { CallContext } from "nice-grpc-common";
import type { RotationDependencies } from "../refresh/rotate.ts";
import type { Issue, IssuedTokens } from "../tokens/issue.ts";

/** What this service asks of the auth service. */
export type AuthClient = Pick<auth.AuthServiceClient, "redeemCode" | "getUserClaims">;

/** A request to the token endpoint by a client that has authenticated and is registered for the grant. */
export interface GrantRequest {
  readonly tenant: Tenant;
  readonly client: Client;
  readonly parameters: Parameters;
  /** What the access token is bound to; undefined where whoever has it may use it. */
  readonly confirmation: TokenConfirmation | undefined;
  readonly now: Instant;
  /** Of the call that it came with: the calls to other services on its behalf end when that does. */
  readonly context: CallContext;
}

export interface GrantDependencies extends RotationDependencies {
  readonly auth: AuthClient;
  readonly issue: Issue;
}

/** One grant type of the token endpoint (RFC 6749 section 1.3). */
export interface Grant {
  readonly type: GrantType;
  /** @throws OAuthError */
  exchange(request: GrantRequest, dependencies: GrantDependencies): Promise<IssuedTokens>;
}
