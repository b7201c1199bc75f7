import type { Brand } from "../brand.ts";
import type { RefreshTokenPolicy } from "../client/client.ts";
import { ResourceError } from "../errors.ts";
import type { TenantId } from "../ids.ts";
import type { RegistrationSettings } from "../registration/registration-settings.ts";

/** The first segment of the tenant's issuer: lower-case letters, digits and inner hyphens, 1 to 63 characters, not reserved. */
export type TenantName = Brand<string, "TenantName">;

/** Lifetimes in milliseconds. */
export interface TenantSettings {
  /** The collection of users whose members may sign in. */
  readonly collection: string;
  readonly tokenTimeout: number;
  readonly idTokenTimeout: number;
  readonly refreshTimeout: number;
  readonly sessionTimeout: number;
  readonly refreshTokens: RefreshTokenPolicy;
  /** Whether PKCE is required from confidential clients too; from public ones it always is. */
  readonly requirePkce: boolean;
  /** Clients that register themselves. */
  readonly registration: RegistrationSettings;
  /** Told in the provider's metadata (OpenID Connect Discovery section 3), where there are such pages. */
  readonly policyUri?: string;
  readonly tosUri?: string;
  readonly serviceDocumentation?: string;
}

/** How a tenant presents itself on its pages. */
export interface Branding {
  readonly name: string;
  readonly logoUri?: string;
  /** `#rrggbb` */
  readonly accentColor?: string;
  readonly welcomeText?: string;
}

export interface Tenant {
  readonly id: TenantId;
  readonly name: TenantName;
  readonly settings: TenantSettings;
  readonly branding: Branding;
}

/** The tenant whose issuer is the public URL itself. */
export const defaultTenantName = "default" as TenantName;

/** First segments that Signet's own paths begin with: no tenant may be called so. */
const reservedTenantNames: ReadonlySet<string> = new Set([
  ".well-known",
  "api",
  "assets",
  "certs",
  "console",
  "consent",
  "device",
  "docs",
  "error",
  "favicon",
  "healthz",
  "livez",
  "login",
  "logout",
  "metrics",
  "oauth",
  "oauth2",
  "readyz",
  "register",
  "robots",
  "select-account",
  "sign-in",
  "sign-out",
  "signed-in",
  "signed-out",
  "static",
  "v1",
  "v2",
]);

const nameShape = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Undefined for what no tenant can be called. */
export function parseTenantName(value: string): TenantName | undefined {
  return nameShape.test(value) && !reservedTenantNames.has(value) ? (value as TenantName) : undefined;
}

/** The answer to a name that no tenant has. */
export function tenantNotFound(): ResourceError {
  return new ResourceError("not_found", "there is no tenant of that name");
}

/** An issuer identifier: the public URL, and the tenant's name beneath it (OpenID Connect Discovery section 3). No trailing slash. */
export type Issuer = Brand<string, "Issuer">;

/** `publicUrl` is the configured one, without a trailing slash; nothing of a request enters it. */
export function issuerOf(publicUrl: string, tenant: TenantName): Issuer {
  return (tenant === defaultTenantName ? publicUrl : `${publicUrl}/${tenant}`) as Issuer;
}
