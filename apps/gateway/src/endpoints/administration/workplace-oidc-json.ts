import { registry } from "@signet/contracts";
import type { z } from "zod";
import { flag, objectOf, oneOf, parseBody, text, wholeNumber } from "../../http/json-members.ts";
import {
  registrationSettingsFromJson,
  registrationSettingsJson,
  registrationSettingsToJson,
} from "./registration-settings-json.ts";

const { RefreshTokens } = registry;

/** A workplace's OIDC settings: types and sizes. Timeouts are in milliseconds; how long they may be is the registry's rule. */
export const settingsJson = objectOf({
  collection: text.exactOptional(),
  token: text.exactOptional(),
  token_timeout: wholeNumber.exactOptional(),
  id_token_timeout: wholeNumber.exactOptional(),
  refresh_timeout: wholeNumber.exactOptional(),
  session_timeout: wholeNumber.exactOptional(),
  refresh_tokens: oneOf(["offline_access", "always"]).exactOptional(),
  require_pkce: flag.exactOptional(),
  dynamic_registration: registrationSettingsJson.exactOptional(),
  policy_uri: text.exactOptional(),
  tos_uri: text.exactOptional(),
  service_documentation: text.exactOptional(),
});

/**
 * Those settings that a body changes.
 * @throws ResourceError invalid
 */
export function settingsPatchFromJson(body: unknown): registry.TenantPatch {
  return settingsFromJson(parseBody(settingsJson, body));
}

export function settingsFromJson(sent: z.output<typeof settingsJson>): registry.TenantPatch {
  return {
    collection: sent.collection,
    registrationToken: sent.token,
    tokenTimeout: sent.token_timeout,
    idTokenTimeout: sent.id_token_timeout,
    refreshTimeout: sent.refresh_timeout,
    sessionTimeout: sent.session_timeout,
    refreshTokens: refreshTokensFromJson(sent.refresh_tokens),
    requirePkce: sent.require_pkce,
    ...registrationSettingsFromJson(sent.dynamic_registration),
    policyUri: sent.policy_uri,
    tosUri: sent.tos_uri,
    serviceDocumentation: sent.service_documentation,
    branding: undefined,
  };
}

function refreshTokensFromJson(policy: "offline_access" | "always" | undefined): registry.RefreshTokens | undefined {
  if (policy === undefined) return undefined;
  return policy === "always" ? RefreshTokens.ALWAYS : RefreshTokens.OFFLINE_ACCESS;
}

/** A workplace's OIDC settings and token, as replies show them. */
export function settingsToJson(tenant: registry.Tenant | undefined, token: string): object {
  if (tenant?.settings === undefined) throw new Error("the registry answered without the tenant's settings");
  const { collection, tokenTimeout, idTokenTimeout, refreshTimeout, sessionTimeout, refreshTokens, requirePkce } =
    tenant.settings;
  return {
    collection,
    token,
    token_timeout: tokenTimeout,
    id_token_timeout: idTokenTimeout,
    refresh_timeout: refreshTimeout,
    session_timeout: sessionTimeout,
    refresh_tokens: refreshTokens === RefreshTokens.ALWAYS ? "always" : "offline_access",
    require_pkce: requirePkce,
    dynamic_registration: registrationSettingsToJson(tenant.settings.registration),
    policy_uri: tenant.settings.policyUri,
    tos_uri: tenant.settings.tosUri,
    service_documentation: tenant.settings.serviceDocumentation,
  };
}
