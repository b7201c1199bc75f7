import type { Client, Instant, Tenant } from "@signet/protocol";
import type { Subjects } from "@signet/registry-client";
import type { CallContext } from "nice-grpc-common";
import type { StandingDependencies } from "../tokens/standing-access-token.ts";
import type { GranteeDependencies } from "../users/grantee.ts";

/** Who asks about a token, and when. */
export interface Inquiry {
  readonly tenant: Tenant;
  readonly client: Client;
  readonly now: Instant;
  readonly context: CallContext;
}

export interface DescriptionDependencies extends StandingDependencies, GranteeDependencies {
  readonly subjects: Subjects;
}
