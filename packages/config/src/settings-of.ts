import { addressLimits, clientLimits, signInLimits } from "./rate-limit-settings.ts";
import type { SettingName } from "./settings.ts";

/** Settings that may be given as the content of a file, whose path `NAME_FILE` says: secrets are better kept there than in an environment. */
export const settingsInFiles = [
  "SIGNET_ADMIN_PASSWORD",
  "SIGNET_ADMIN_TOKEN",
  "SIGNET_CALLERS",
  "SIGNET_HTTPS_CERTIFICATE",
  "SIGNET_HTTPS_CLIENT_AUTHORITIES",
  "SIGNET_HTTPS_KEY",
  "SIGNET_KEY_ENCRYPTION_KEY",
  "SIGNET_MONGODB_URL",
  "SIGNET_PREVIOUS_KEY_ENCRYPTION_KEY",
  "SIGNET_REDIS_URL",
  "SIGNET_SERVICE_TOKEN",
  "SIGNET_TLS_AUTHORITIES",
  "SIGNET_TLS_CERTIFICATE",
  "SIGNET_TLS_KEY",
] as const satisfies readonly SettingName[];

const everywhere = ["SIGNET_LOG_LEVEL", "SIGNET_METRICS_LISTEN", "SIGNET_OTLP_URL", "SIGNET_TRACE_SHARE"] as const;
const http = [
  "SIGNET_HOST",
  "SIGNET_PORT",
  "SIGNET_HTTPS_CERTIFICATE",
  "SIGNET_HTTPS_KEY",
  "SIGNET_HTTPS_CLIENT_CERTIFICATES",
  "SIGNET_HTTPS_CLIENT_AUTHORITIES",
  "SIGNET_TRUSTED_PROXIES",
  "SIGNET_CLIENT_CERTIFICATE_HEADER",
  "SIGNET_CLIENT_CERTIFICATE_VERIFIED_HEADER",
  "SIGNET_REQUESTS_AT_A_TIME",
] as const;
const tls = ["SIGNET_TLS_AUTHORITIES", "SIGNET_TLS_CERTIFICATE", "SIGNET_TLS_KEY"] as const;
const served = ["SIGNET_RPC_LISTEN", "SIGNET_CALLERS", "SIGNET_REFLECTION", ...tls] as const;
const stored = ["SIGNET_MONGODB_URL", "SIGNET_REDIS_URL", "SIGNET_REDIS_PREFIX"] as const;
const sealed = ["SIGNET_KEY_ENCRYPTION_KEY", "SIGNET_PREVIOUS_KEY_ENCRYPTION_KEY"] as const;
const outbound = ["SIGNET_OUTBOUND_ALLOWED_HOSTS"] as const;
const signing = ["SIGNET_JWKS_MAX_AGE_SECONDS", "SIGNET_KEY_ROTATION_DAYS"] as const;
const calling = ["SIGNET_REGISTRY_URL", "SIGNET_SERVICE_TOKEN"] as const;

/** Which settings each program reads. Another's stops its start: it would be thought to have an effect. */
export const settingsOf = {
  standalone: [
    "SIGNET_PUBLIC_URL",
    ...http,
    "SIGNET_DATA_DIR",
    "SIGNET_DURABILITY",
    "SIGNET_ADMIN_PASSWORD",
    "SIGNET_ADMIN_TOKEN",
    ...sealed,
    ...outbound,
    "SIGNET_REFRESH_GRACE_MS",
    ...signInLimits,
    ...clientLimits,
    ...addressLimits,
    ...signing,
    ...everywhere,
  ],
  gateway: ["SIGNET_PUBLIC_URL", ...http, ...calling, "SIGNET_AUTH_URL", "SIGNET_TOKEN_URL", ...tls, ...everywhere],
  "client-registry": [...served, ...stored, ...sealed, ...outbound, "SIGNET_ADMIN_TOKEN", ...addressLimits, ...everywhere],
  auth: [
    "SIGNET_PUBLIC_URL",
    ...served,
    ...calling,
    "SIGNET_TOKEN_URL",
    ...stored,
    ...outbound,
    ...signInLimits,
    "SIGNET_ADMIN_PASSWORD",
    ...everywhere,
  ],
  token: [
    "SIGNET_PUBLIC_URL",
    ...served,
    ...calling,
    "SIGNET_AUTH_URL",
    ...stored,
    ...sealed,
    ...outbound,
    "SIGNET_REFRESH_GRACE_MS",
    ...clientLimits,
    ...signing,
    ...everywhere,
  ],
} as const satisfies Record<string, readonly SettingName[]>;

export type App = keyof typeof settingsOf;

/** What a program cannot make for itself: others have to have the same. */
export const requiredOf: Record<App, readonly SettingName[]> = {
  standalone: [],
  gateway: ["SIGNET_PUBLIC_URL", "SIGNET_SERVICE_TOKEN"],
  "client-registry": ["SIGNET_CALLERS", "SIGNET_KEY_ENCRYPTION_KEY", "SIGNET_ADMIN_TOKEN"],
  auth: ["SIGNET_PUBLIC_URL", "SIGNET_CALLERS", "SIGNET_SERVICE_TOKEN", "SIGNET_ADMIN_PASSWORD"],
  token: ["SIGNET_PUBLIC_URL", "SIGNET_CALLERS", "SIGNET_SERVICE_TOKEN", "SIGNET_KEY_ENCRYPTION_KEY"],
};

/** What may be given in the place of a required setting. */
export const insteadOf: Readonly<Partial<Record<SettingName, SettingName>>> = { SIGNET_SERVICE_TOKEN: "SIGNET_TLS_CERTIFICATE" };
