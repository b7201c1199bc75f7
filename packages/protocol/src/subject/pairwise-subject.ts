import { createHmac, type KeyObject } from "node:crypto";
import type { Brand } from "../brand.ts";
import type { ClientMetadata } from "../client/client.ts";
import type { UserId } from "../ids.ts";

/** What a client knows a user by: the `sub` of tokens and of userinfo. A public one is the user's id, the same to every client. */
export type Subject = Brand<string, "PairwiseSubject"> | UserId;

/**
 * The sector of a client whose subjects are pairwise: the host of its sector identifier or, without one, of its redirect URIs (OpenID Connect Core section
 * 8.1). Undefined where there is no one host: such metadata are refused.
 */
export function sectorOf({
  sectorIdentifierUri,
  redirectUris,
}: {
  readonly sectorIdentifierUri?: string | undefined;
  readonly redirectUris: readonly string[];
}): string | undefined {
  const uris = sectorIdentifierUri === undefined ? redirectUris : [sectorIdentifierUri];
  const [host, ...others] = new Set(uris.map((uri) => new URL(uri).hostname));
  return host === "" || others.length > 0 ? undefined : host;
}

/**
 * What the clients of one sector know a user by, and no others (OpenID Connect Core section 8.1): HMAC-SHA-256 of sector and user under the tenant's secret,
 * so that without it nobody can lead it back to the user, or to what another sector knows the user by.
 */
export function pairwiseSubject(secret: KeyObject, sector: string, user: UserId): Subject {
  // Neither a host nor a user's id has a line break in it.
  return createHmac("sha256", secret).update(`${sector}\n${user}`).digest("base64url") as Subject;
}

/** Whether the client knows users by pairwise subjects. */
export function hasPairwiseSubjects({ subjectType }: Pick<ClientMetadata, "subjectType">): boolean {
  return subjectType === "pairwise";
}
