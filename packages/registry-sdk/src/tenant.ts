import type { registry } from "@signet/contracts";
import { present } from "./calls.ts";
import { policyMessage, policyOf, type RefreshTokenPolicy } from "./client.ts";

/** How a tenant presents itself on its pages. */
export interface Branding {
  readonly name: string;
  readonly logoUri?: string | undefined;
  /** `#rrggbb` */
  readonly accentColor?: string | undefined;
  readonly welcomeText?: string | undefined;
}

export interface TenantSettings {
  /** Whose members may sign in. */
  readonly collection: string;
  /** Lifetimes, all in milliseconds. */
  readonly tokenTimeout: number;
  readonly idTokenTimeout: number;
  readonly refreshTimeout: number;
  readonly sessionTimeout: number;
  readonly refreshTokens: RefreshTokenPolicy;
  /** Whether PKCE is required from confidential clients too. */
  readonly requirePkce: boolean;
}

export interface Tenant {
  /** 16 hex digits; never used again, also not for a tenant of the same name. */
  readonly id: string;
  /** The first segment of the issuer's path; `default` for the tenant whose issuer is the public URL itself. */
  readonly name: string;
  readonly settings: TenantSettings;
  readonly branding: Branding;
  readonly createdAt: Date;
}

/** What is left out stays as it is. */
export interface TenantPatch {
  readonly settings?: Partial<TenantSettings>;
  readonly branding?: Partial<Branding>;
  /** A registration token of the caller's own making, at least 32 characters. */
  readonly registrationToken?: string;
}

export function tenantOf(message: registry.Tenant | undefined): Tenant {
  const { id, name, settings, branding, createdAt } = present(message);
  const {
    refreshTokens,
    registration: _registration,
    policyUri: _policy,
    tosUri: _tos,
    serviceDocumentation: _documentation,
    ...rest
  } = present(settings);
  return {
    id,
    name,
    settings: { ...rest, refreshTokens: policyOf(refreshTokens) ?? "offline_access" },
    branding: present(branding),
    createdAt: new Date(createdAt),
  };
}

export function patchMessage({ settings = {}, branding, registrationToken }: TenantPatch) {
  const { refreshTokens, ...rest } = settings;
  return {
    ...rest,
    ...(refreshTokens === undefined ? {} : { refreshTokens: policyMessage(refreshTokens) }),
    ...(branding === undefined ? {} : { branding }),
    ...(registrationToken === undefined ? {} : { registrationToken }),
  };
}
