import { refreshTokenPolicies } from "../client/client.ts";
import { isDisplayText } from "../display/display-text.ts";
import { isPageAddress, pageAddressRule } from "../display/page-address.ts";
import { ResourceError } from "../errors.ts";
import {
  defaultRegistrationSettings,
  patchRegistrationSettings,
  type RegistrationSettingsPatch,
} from "../registration/registration-settings.ts";
import type { Branding, TenantSettings } from "./tenant.ts";

/** A change of a tenant's settings as it was sent, not yet looked at. What is left out stays as it is. */
export interface TenantSettingsPatch {
  readonly collection?: string | undefined;
  readonly tokenTimeout?: number | undefined;
  readonly idTokenTimeout?: number | undefined;
  readonly refreshTimeout?: number | undefined;
  readonly sessionTimeout?: number | undefined;
  readonly refreshTokens?: string | undefined;
  readonly requirePkce?: boolean | undefined;
  readonly registration?: RegistrationSettingsPatch | undefined;
  /** Of these three an empty text takes the address away. */
  readonly policyUri?: string | undefined;
  readonly tosUri?: string | undefined;
  readonly serviceDocumentation?: string | undefined;
}

/** A change of a tenant's branding as it was sent. What is left out stays as it is; an empty text takes a member away, but for the name. */
export interface BrandingPatch {
  readonly name?: string | undefined;
  readonly logoUri?: string | undefined;
  readonly accentColor?: string | undefined;
  readonly welcomeText?: string | undefined;
}

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;

interface Range {
  readonly shortest: number;
  readonly longest: number;
}

const ranges = {
  token_timeout: { shortest: second, longest: day },
  id_token_timeout: { shortest: second, longest: day },
  refresh_timeout: { shortest: minute, longest: 365 * day },
  session_timeout: { shortest: minute, longest: 90 * day },
} as const satisfies Record<string, Range>;

/** What no tenant's `refreshTimeout` is longer than, nor another of its tokens' lifetimes. */
export const longestRefreshTimeoutMilliseconds: number = ranges.refresh_timeout.longest;

/** No token that is signed lives longer, whatever a tenant's settings are. */
export const longestTokenLifetimeMilliseconds: number = Math.max(ranges.token_timeout.longest, ranges.id_token_timeout.longest);

/** What a new tenant has. */
export const defaultTenantSettings: TenantSettings = Object.freeze({
  collection: "users",
  tokenTimeout: 60 * minute,
  idTokenTimeout: 60 * minute,
  refreshTimeout: 30 * day,
  sessionTimeout: day,
  refreshTokens: "offline_access",
  requirePkce: false,
  registration: defaultRegistrationSettings,
});

/** Settings as a store holds them: an older version knew fewer, and those have their defaults. */
export function storedTenantSettings(stored: Partial<TenantSettings>): TenantSettings {
  const registration = { ...defaultTenantSettings.registration, ...stored.registration };
  return { ...defaultTenantSettings, ...stored, registration };
}

/** @throws ResourceError invalid */
export function patchTenantSettings(current: TenantSettings, patch: TenantSettingsPatch): TenantSettings {
  const policyUri = patchedAddress("policy_uri", current.policyUri, patch.policyUri);
  const tosUri = patchedAddress("tos_uri", current.tosUri, patch.tosUri);
  const serviceDocumentation = patchedAddress("service_documentation", current.serviceDocumentation, patch.serviceDocumentation);
  return {
    collection: patch.collection === undefined ? current.collection : parseCollection(patch.collection),
    tokenTimeout: parseTimeout("token_timeout", patch.tokenTimeout ?? current.tokenTimeout),
    idTokenTimeout: parseTimeout("id_token_timeout", patch.idTokenTimeout ?? current.idTokenTimeout),
    refreshTimeout: parseTimeout("refresh_timeout", patch.refreshTimeout ?? current.refreshTimeout),
    sessionTimeout: parseTimeout("session_timeout", patch.sessionTimeout ?? current.sessionTimeout),
    refreshTokens: patch.refreshTokens === undefined ? current.refreshTokens : parseRefreshTokenPolicy(patch.refreshTokens),
    requirePkce: patch.requirePkce ?? current.requirePkce,
    registration: patchRegistrationSettings(current.registration, patch.registration ?? {}),
    ...(policyUri === undefined ? {} : { policyUri }),
    ...(tosUri === undefined ? {} : { tosUri }),
    ...(serviceDocumentation === undefined ? {} : { serviceDocumentation }),
  };
}

function patchedAddress(member: string, current: string | undefined, sent: string | undefined): string | undefined {
  const address = patched(current, sent);
  if (address !== undefined && !isPageAddress(address)) throw invalid(`${member} ${pageAddressRule}`);
  return address;
}

const collectionShape = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * The name of a collection of users.
 * @throws ResourceError invalid
 */
export function parseCollection(value: string): string {
  if (!collectionShape.test(value)) throw invalid("collection must be 1 to 64 characters out of A-Z, a-z, 0-9, _ and -");
  return value;
}

function parseTimeout(member: keyof typeof ranges, milliseconds: number): number {
  const { shortest, longest } = ranges[member];
  if (!Number.isSafeInteger(milliseconds) || milliseconds < shortest || milliseconds > longest) {
    throw invalid(`${member} must be a whole number of milliseconds from ${shortest} to ${longest}`);
  }
  return milliseconds;
}

function parseRefreshTokenPolicy(value: string): TenantSettings["refreshTokens"] {
  const found = refreshTokenPolicies.find((policy) => policy === value);
  if (found === undefined) throw invalid(`refresh_tokens must be one of: ${refreshTokenPolicies.join(", ")}`);
  return found;
}

const maximumNameLength = 100;
const maximumWelcomeLength = 300;
const colorShape = /^#[0-9A-Fa-f]{6}$/;

/** @throws ResourceError invalid */
export function patchBranding(current: Branding, patch: BrandingPatch): Branding {
  const name = patch.name === undefined || patch.name === "" ? current.name : patch.name;
  if (!isDisplayText(name, maximumNameLength)) {
    throw invalid(`the name in branding must be one line of at most ${maximumNameLength} characters`);
  }
  const logoUri = patched(current.logoUri, patch.logoUri);
  if (logoUri !== undefined && !isPageAddress(logoUri)) throw invalid(`logo_uri ${pageAddressRule}`);
  const accentColor = patched(current.accentColor, patch.accentColor);
  if (accentColor !== undefined && !colorShape.test(accentColor)) {
    throw invalid("accent_color must be # and six hex digits, such as #1a73e8");
  }
  const welcomeText = patched(current.welcomeText, patch.welcomeText);
  if (welcomeText !== undefined && !isDisplayText(welcomeText, maximumWelcomeLength)) {
    throw invalid(`welcome_text must be one line of at most ${maximumWelcomeLength} characters`);
  }
  return {
    name,
    ...(logoUri === undefined ? {} : { logoUri }),
    ...(accentColor === undefined ? {} : { accentColor: accentColor.toLowerCase() }),
    ...(welcomeText === undefined ? {} : { welcomeText }),
  };
}

function patched(current: string | undefined, sent: string | undefined): string | undefined {
  if (sent === undefined) return current;
  return sent === "" ? undefined : sent;
}

function invalid(description: string): ResourceError {
  return new ResourceError("invalid", description);
}
