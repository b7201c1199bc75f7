import { type ClientAuthenticationMethod, clientAuthenticationMethods, type GrantType, grantTypes } from "../client/client.ts";
import { ResourceError } from "../errors.ts";
import { parseScope, standardScopes } from "../scope/scope.ts";
import { parseStatementIssuers, type StatementIssuer, type StatementIssuerDraft } from "./statement-issuer.ts";

/** Who may register a client without an administrator: nobody, who has an initial access token (RFC 7591 section 3), or everybody. */
const registrationModes = ["off", "initial_access_token", "open"] as const;
export type RegistrationMode = (typeof registrationModes)[number];

/** Members of a client's metadata that an administrator may leave to those who register themselves. By themselves they open too much. */
export const privilegedMembers = ["scopes", "refresh_tokens"] as const;
export type PrivilegedMember = (typeof privilegedMembers)[number];

/** Whether a client that registers itself needs a software statement. */
const statementPolicies = ["optional", "required"] as const;
export type StatementPolicy = (typeof statementPolicies)[number];

/** What a tenant says of clients that register themselves (RFC 7591). */
export interface RegistrationSettings {
  readonly mode: RegistrationMode;
  /** How many clients that registered themselves the tenant may have at a time. */
  readonly quota: number;
  /** For so many milliseconds after its registration, or after its last replacement, lives a client that registered without any token. */
  readonly openClientLifetime: number;
  readonly grantTypes: readonly GrantType[];
  readonly authenticationMethods: readonly ClientAuthenticationMethod[];
  /** What such a client may ask for at most. */
  readonly scope: readonly string[];
  readonly privilegedMembers: readonly PrivilegedMember[];
  readonly softwareStatements: StatementPolicy;
  /** Whose software statements are approved (RFC 7591 section 2.3). */
  readonly statementIssuers: readonly StatementIssuer[];
}

/** The settings as they were sent: texts, lists and numbers, not yet looked at. What is undefined stays as it is; an empty list has its default. */
export interface RegistrationSettingsPatch {
  readonly mode?: string | undefined;
  readonly quota?: number | undefined;
  readonly openClientLifetime?: number | undefined;
  readonly grantTypes?: readonly string[] | undefined;
  readonly authenticationMethods?: readonly string[] | undefined;
  /** Space-separated. */
  readonly scope?: string | undefined;
  readonly privilegedMembers?: readonly string[] | undefined;
  readonly softwareStatements?: string | undefined;
  readonly statementIssuers?: readonly StatementIssuerDraft[] | undefined;
}

const hour = 3_600_000;
const day = 24 * hour;
const largestQuota = 100_000;

/** What a new tenant has: nobody registers by themselves. */
export const defaultRegistrationSettings: RegistrationSettings = Object.freeze({
  mode: "off",
  quota: 1000,
  openClientLifetime: 90 * day,
  grantTypes: ["authorization_code", "refresh_token"],
  authenticationMethods: clientAuthenticationMethods,
  scope: standardScopes,
  privilegedMembers: [],
  softwareStatements: "optional",
  statementIssuers: [],
} satisfies RegistrationSettings);

/** @throws ResourceError invalid */
export function patchRegistrationSettings(current: RegistrationSettings, patch: RegistrationSettingsPatch): RegistrationSettings {
  const settings: RegistrationSettings = {
    mode: oneOf("mode", patch.mode, registrationModes) ?? current.mode,
    quota: wholeNumber("quota", patch.quota ?? current.quota, 1, largestQuota),
    openClientLifetime: wholeNumber(
      "open_client_lifetime",
      patch.openClientLifetime ?? current.openClientLifetime,
      hour,
      3650 * day,
    ),
    grantTypes: someOf("grant_types", patch.grantTypes, grantTypes, current.grantTypes, defaultRegistrationSettings.grantTypes),
    authenticationMethods: someOf(
      "token_endpoint_auth_methods",
      patch.authenticationMethods,
      clientAuthenticationMethods,
      current.authenticationMethods,
      defaultRegistrationSettings.authenticationMethods,
    ),
    scope: patchScope(current.scope, patch.scope),
    privilegedMembers: someOf("privileged_members", patch.privilegedMembers, privilegedMembers, current.privilegedMembers, []),
    softwareStatements: oneOf("software_statements", patch.softwareStatements, statementPolicies) ?? current.softwareStatements,
    statementIssuers:
      patch.statementIssuers === undefined ? current.statementIssuers : parseStatementIssuers(patch.statementIssuers),
  };
  if (settings.softwareStatements === "required" && settings.statementIssuers.length === 0) {
    throw invalid("software_statements is required, so software_statement_issuers must have an entry");
  }
  return settings;
}

function oneOf<Value extends string>(member: string, value: string | undefined, known: readonly Value[]): Value | undefined {
  if (value === undefined) return undefined;
  const found = known.find((one) => one === value);
  if (found === undefined) throw invalid(`${member} must be one of: ${known.join(", ")}`);
  return found;
}

function someOf<Value extends string>(
  member: string,
  values: readonly string[] | undefined,
  known: readonly Value[],
  current: readonly Value[],
  otherwise: readonly Value[],
): readonly Value[] {
  if (values === undefined) return current;
  if (values.length === 0) return otherwise;
  if (!values.every((value) => known.some((one) => one === value))) {
    throw invalid(`${member} may have only these values: ${known.join(", ")}`);
  }
  return known.filter((one) => values.includes(one));
}

function wholeNumber(member: string, value: number, least: number, most: number): number {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw invalid(`${member} must be a whole number from ${least} to ${most}`);
  }
  return value;
}

function patchScope(current: readonly string[], sent: string | undefined): readonly string[] {
  if (sent === undefined) return current;
  if (sent === "") return defaultRegistrationSettings.scope;
  try {
    return parseScope(sent);
  } catch (cause) {
    throw new ResourceError("invalid", "scope must be scopes with single spaces between them", { cause });
  }
}

function invalid(description: string): ResourceError {
  return new ResourceError("invalid", `dynamic_registration: ${description}`);
}
