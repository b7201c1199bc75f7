import { registry } from "@signet/contracts";
import {
  formatClientJwks,
  formatScope,
  type RegistrationSettings,
  type RegistrationSettingsPatch,
  ResourceError,
} from "@signet/protocol";

/** The settings as messages have them. */
export function toRegistrationSettingsMessage(settings: RegistrationSettings): registry.RegistrationSettings {
  return {
    mode: settings.mode,
    quota: settings.quota,
    openClientLifetime: settings.openClientLifetime,
    grantTypes: [...settings.grantTypes],
    tokenEndpointAuthMethods: [...settings.authenticationMethods],
    scope: formatScope(settings.scope),
    privilegedMembers: [...settings.privilegedMembers],
    softwareStatements: settings.softwareStatements,
    softwareStatementIssuers: settings.statementIssuers.map(({ issuer, jwks, jwksUri }) => ({
      issuer,
      jwks: jwks === undefined ? "" : formatClientJwks(jwks),
      jwksUri: jwksUri ?? "",
    })),
  };
}

/** By their names on the wire. */
const members: ReadonlyMap<string, keyof RegistrationSettingsPatch> = new Map([
  ["mode", "mode"],
  ["quota", "quota"],
  ["open_client_lifetime", "openClientLifetime"],
  ["grant_types", "grantTypes"],
  ["token_endpoint_auth_methods", "authenticationMethods"],
  ["scope", "scope"],
  ["privileged_members", "privilegedMembers"],
  ["software_statements", "softwareStatements"],
  ["software_statement_issuers", "statementIssuers"],
]);

/**
 * Of the settings in a message those that are named, still unchecked.
 * @throws ResourceError invalid for a name that no setting has
 */
export function registrationPatchOf(
  message: registry.RegistrationSettings | undefined,
  names: readonly string[],
): RegistrationSettingsPatch {
  const { tokenEndpointAuthMethods, softwareStatementIssuers, ...rest } = message ?? registry.RegistrationSettings.create();
  const sent: RegistrationSettingsPatch = {
    ...rest,
    authenticationMethods: tokenEndpointAuthMethods,
    statementIssuers: softwareStatementIssuers,
  };
  const patch: Record<string, unknown> = {};
  for (const name of names) {
    const member = members.get(name);
    if (member === undefined)
      throw new ResourceError("invalid", "registration_members may only have names of registration settings");
    patch[member] = sent[member];
  }
  return patch;
}
