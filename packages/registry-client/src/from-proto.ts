import { registry } from "@signet/contracts";
import {
  type Client,
  defaultTenantSettings,
  instant,
  parseClientId,
  parseClientMetadata,
  parseSecretExpiry,
  parseSecretHash,
  parseTenantId,
  parseTenantName,
  patchBranding,
  patchTenantSettings,
  type RefreshTokenPolicy,
  type RegistrationSettingsPatch,
  type Tenant,
} from "@signet/protocol";

/**
 * A tenant of the registry, in types that can only hold valid values, frozen.
 * @throws Error where the message is not one that a registry of this version sends
 */
export function tenantFromProto(message: registry.Tenant): Tenant {
  return fromReply("tenant", () => {
    const name = present(parseTenantName(message.name));
    const { refreshTokens, registration, ...settings } = present(message.settings);
    return {
      id: present(parseTenantId(message.id)),
      name,
      settings: patchTenantSettings(defaultTenantSettings, {
        ...settings,
        refreshTokens: refreshTokenPolicy(refreshTokens),
        registration: registrationSettings(registration),
      }),
      branding: patchBranding({ name }, message.branding ?? {}),
    };
  });
}

/**
 * A client of the registry, in types that can only hold valid values, frozen.
 * @throws Error where the message is not one that a registry of this version sends
 */
export function clientFromProto(message: registry.Client): Client {
  return fromReply("client", () => {
    const { refreshTokens, resourceServer, ...draft } = present(message.metadata);
    const secretExpiresAt = parseSecretExpiry(message.clientSecretExpiresAt);
    return {
      id: present(parseClientId(message.clientId)),
      tenantId: present(parseTenantId(message.tenantId)),
      metadata: parseClientMetadata({
        ...draft,
        isResourceServer: resourceServer,
        refreshTokens: refreshTokenPolicy(refreshTokens),
      }),
      ...(message.secretHash.length === 0 ? {} : { secretHash: present(parseSecretHash(message.secretHash)) }),
      ...(message.assertionSecret === "" ? {} : { assertionSecret: message.assertionSecret }),
      ...(secretExpiresAt === undefined ? {} : { secretExpiresAt }),
      ...(message.expiresAt === 0 ? {} : { expiresAt: instant(message.expiresAt) }),
    };
  });
}

/** Undefined, which is the defaults, where a registry of an older version says nothing. */
function registrationSettings(settings: registry.RegistrationSettings | undefined): RegistrationSettingsPatch | undefined {
  if (settings === undefined) return undefined;
  const { tokenEndpointAuthMethods, softwareStatementIssuers, softwareStatements, ...rest } = settings;
  return {
    ...rest,
    authenticationMethods: tokenEndpointAuthMethods,
    statementIssuers: softwareStatementIssuers,
    softwareStatements: softwareStatements || undefined,
  };
}

function refreshTokenPolicy(refreshTokens: registry.RefreshTokens): RefreshTokenPolicy | undefined {
  if (refreshTokens === registry.RefreshTokens.ALWAYS) return "always";
  return refreshTokens === registry.RefreshTokens.OFFLINE_ACCESS ? "offline_access" : undefined;
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("a member is missing or malformed");
  return value;
}

/** What a parser refuses here is the registry's fault, and no answer for whoever asked. */
function fromReply<Value extends object>(kind: string, parse: () => Value): Value {
  try {
    return frozen(parse());
  } catch (cause) {
    throw new Error(`the registry sent a ${kind} that cannot be read`, { cause });
  }
}

function frozen<Value extends object>(value: Value): Value {
  for (const member of Object.values(value)) if (typeof member === "object" && member !== null) frozen(member);
  return Object.freeze(value);
}
