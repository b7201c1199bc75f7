import {
  type AuthorizationRequest,
  clientIdOf,
  consentKeys,
  consentSubject,
  isJsonObject,
  type JsonObject,
  OAuthError,
  parseAuthorizationRequest,
  parseRedirection,
  parseSessionPublicId,
  restoreAuthorizationRequest,
  type SentAuthorizationRequest,
  type SessionPublicId,
  storeAuthorizationRequest,
  type Tenant,
} from "@signet/protocol";
import type { Directory } from "@signet/registry-client";
import type { StoredInteraction, StoredSession } from "@signet/storage";

/** What an interaction keeps of the request that began it. */
export function storeRequest(
  request: SentAuthorizationRequest,
  session: StoredSession | undefined,
  asksFor: readonly string[],
): JsonObject {
  const stored = { authorization: storeAuthorizationRequest(request), asksFor: [...asksFor] };
  return session === undefined ? stored : { ...stored, session: session.publicId };
}

/**
 * Whether what is asked for is defined as when the interaction began. A consent page that was shown before a change must not be the answer to what it did
 * not show.
 */
export function asksForTheSame({ request: stored }: StoredInteraction, request: AuthorizationRequest): boolean {
  return JSON.stringify(stored?.asksFor) === JSON.stringify(consentKeys(consentSubject(request)));
}

/** The session that the request came with. */
export function sessionOfRequest({ request }: StoredInteraction): SessionPublicId | undefined {
  return typeof request?.session === "string" ? parseSessionPublicId(request.session) : undefined;
}

/**
 * The interaction's authorization request, held against the client as it is now: a redirect URI or response type that was withdrawn, or a client
 * that was deleted, ends it here. Undefined for a sign-in without an application.
 * @throws OAuthError, to be shown as a page
 */
export async function resumeRequest(
  tenant: Tenant,
  interaction: StoredInteraction,
  directory: Directory,
): Promise<AuthorizationRequest | undefined> {
  if (interaction.request === undefined) return undefined;
  const { parameters, profile } = restored(interaction.request);
  const redirection = parseRedirection(parameters, await directory.client(tenant, clientIdOf(parameters)));
  const request = parseAuthorizationRequest(parameters, redirection, { profile, requirePkce: tenant.settings.requirePkce });
  if (request instanceof OAuthError) throw request;
  return request;
}

function restored({ authorization }: JsonObject): SentAuthorizationRequest {
  const sent =
    authorization !== undefined && isJsonObject(authorization) ? restoreAuthorizationRequest(authorization) : undefined;
  if (sent === undefined) throw new Error("the stored request of an interaction cannot be read");
  return sent;
}
