import { type GrantType, grantTypes } from "../client/client.ts";
import type { ClientMetadataDraft } from "../client/client-metadata.ts";
import { OAuthError } from "../errors.ts";
import { type CustomScope, formatScope, parseScope } from "../scope/scope.ts";
import type { PrivilegedMember, RegistrationSettings } from "./registration-settings.ts";

/**
 * What of `sent` a client may say of itself, by its tenant's settings: grant types and authentication methods that it may not have are refused, scopes
 * that it may not ask for are left out (RFC 7591 sections 2 and 3.2.1), and members that only an administrator sets are ignored like any that are not
 * known. A scope that is left out is all that the tenant allows, never more. To be validated as a whole afterwards.
 * @throws OAuthError invalid_client_metadata
 */
export function permittedMetadata(sent: ClientMetadataDraft, settings: RegistrationSettings): ClientMetadataDraft {
  const { scopes, refreshTokens, isResourceServer: _administrators, ...rest } = sent;
  const isLeft = (member: PrivilegedMember) => settings.privilegedMembers.includes(member);
  const customScopes = isLeft("scopes") ? (scopes ?? []) : [];
  checkGrantTypes(sent.grantTypes ?? [], settings.grantTypes);
  checkMethod(sent.tokenEndpointAuthMethod ?? "", settings);
  return {
    ...rest,
    scope: permittedScope(sent.scope ?? "", settings.scope, customScopes),
    ...(isLeft("scopes") ? { scopes: customScopes } : {}),
    ...(isLeft("refresh_tokens") ? { refreshTokens } : {}),
  };
}

/** Unknown grant types are left to the validation of the whole, which names those that there are. */
function checkGrantTypes(sent: readonly string[], permitted: readonly GrantType[]): void {
  const asked = sent.length === 0 ? ["authorization_code"] : sent;
  const refused = grantTypes.find((type) => asked.includes(type) && !permitted.includes(type));
  if (refused !== undefined) {
    throw metadataRefused(`grant_types may have only these values here: ${permitted.join(", ")}`);
  }
}

function checkMethod(sent: string, { authenticationMethods }: RegistrationSettings): void {
  const method = sent === "" ? "client_secret_basic" : sent;
  if (!authenticationMethods.some((one) => one === method)) {
    throw metadataRefused(`token_endpoint_auth_method must be one of these here: ${authenticationMethods.join(", ")}`);
  }
}

function permittedScope(sent: string, permitted: readonly string[], customScopes: readonly CustomScope[]): string {
  if (sent.trim() === "") return formatScope(permitted);
  const known = [...permitted, ...customScopes.map(({ name }) => name)];
  const scopes = scopesIn(sent).filter((scope) => known.includes(scope));
  if (scopes.length === 0) throw metadataRefused(`scope may have only these values here: ${formatScope(known)}`);
  return formatScope(scopes);
}

function scopesIn(sent: string): readonly string[] {
  try {
    return parseScope(sent);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    throw new OAuthError("invalid_client_metadata", error.description, { cause: error });
  }
}

function metadataRefused(description: string): OAuthError {
  return new OAuthError("invalid_client_metadata", description);
}
