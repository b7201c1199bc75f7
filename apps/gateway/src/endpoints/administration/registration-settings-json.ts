import type { registry } from "@signet/contracts";
import type { z } from "zod";
import { freeObject, listOf, objectOf, text, wholeNumber } from "../../http/json-members.ts";

/** What a workplace says of clients that register themselves: types and sizes. What the values may be is the registry's rule. */
export const registrationSettingsJson = objectOf({
  mode: text.exactOptional(),
  quota: wholeNumber.max(2 ** 31 - 1, { error: "is too large" }).exactOptional(),
  open_client_lifetime: wholeNumber.exactOptional(),
  grant_types: listOf(text).exactOptional(),
  token_endpoint_auth_methods: listOf(text).exactOptional(),
  scope: text.exactOptional(),
  privileged_members: listOf(text).exactOptional(),
  software_statements: text.exactOptional(),
  software_statement_issuers: listOf(
    objectOf({ issuer: text, jwks: freeObject.exactOptional(), jwks_uri: text.exactOptional() }),
  ).exactOptional(),
});

/** Those settings that a body changes. */
export function registrationSettingsFromJson(
  sent: z.output<typeof registrationSettingsJson> | undefined,
): Pick<registry.TenantPatch, "registration" | "registrationMembers"> {
  if (sent === undefined) return { registration: undefined, registrationMembers: [] };
  return {
    registration: {
      mode: sent.mode ?? "",
      quota: sent.quota ?? 0,
      openClientLifetime: sent.open_client_lifetime ?? 0,
      grantTypes: sent.grant_types ?? [],
      tokenEndpointAuthMethods: sent.token_endpoint_auth_methods ?? [],
      scope: sent.scope ?? "",
      privilegedMembers: sent.privileged_members ?? [],
      softwareStatements: sent.software_statements ?? "",
      softwareStatementIssuers: (sent.software_statement_issuers ?? []).map(({ issuer, jwks, jwks_uri = "" }) => ({
        issuer,
        jwks: jwks === undefined ? "" : JSON.stringify(jwks),
        jwksUri: jwks_uri,
      })),
    },
    registrationMembers: Object.keys(sent),
  };
}

/** The settings as replies show them. */
export function registrationSettingsToJson(settings: registry.RegistrationSettings | undefined): object {
  if (settings === undefined) throw new Error("the registry answered without the tenant's registration settings");
  return {
    mode: settings.mode,
    quota: settings.quota,
    open_client_lifetime: settings.openClientLifetime,
    grant_types: settings.grantTypes,
    token_endpoint_auth_methods: settings.tokenEndpointAuthMethods,
    scope: settings.scope,
    privileged_members: settings.privilegedMembers,
    software_statements: settings.softwareStatements,
    software_statement_issuers: settings.softwareStatementIssuers.map(({ issuer, jwks, jwksUri }) => ({
      issuer,
      ...(jwks === "" ? { jwks_uri: jwksUri } : { jwks: JSON.parse(jwks) }),
    })),
  };
}
