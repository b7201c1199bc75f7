import type { ConfiguredCaller } from "./callers.ts";
import type { Current } from "./current.ts";
import type { ProxyRange } from "./proxies.ts";
import type { ConfiguredRateLimit } from "./rate-limit.ts";

/** What every program is told. */
export interface TelemetryConfig {
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  /** `host:port`; undefined where no metrics are wanted. */
  readonly metricsListen: string | undefined;
  /** Undefined where no traces are wanted. */
  readonly otlpUrl: string | undefined;
  /** From 0 to 1. */
  readonly traceShare: number;
}

/** Texts in PEM. */
export interface HttpsIdentity {
  readonly certificate: string;
  readonly key: string;
}

/** What TLS is ended with here. */
export interface HttpsConfig {
  readonly identity: Current<HttpsIdentity>;
  /** Whether callers are asked for a certificate. */
  readonly clientCertificates: boolean;
  /** Whose certificates prove a name, in PEM. */
  readonly clientAuthorities: string | undefined;
}

/** Whom to believe what they say of who called them. */
export interface ProxiesConfig {
  readonly ranges: readonly ProxyRange[];
  /** In lower case; undefined where they hand on no certificates. */
  readonly certificateHeader: string | undefined;
  /** In lower case; undefined where they verify none. */
  readonly verifiedHeader: string | undefined;
}

/** Where to listen for HTTP. */
export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  /** Undefined for plain HTTP. */
  readonly https: HttpsConfig | undefined;
  readonly proxies: ProxiesConfig;
  /** How many requests are worked on at a time. */
  readonly requestsAtATime: number;
}

/** Texts in PEM. */
export interface TlsConfig {
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly authorities: string | undefined;
}

/** How a service is called. */
export interface ServedConfig {
  readonly rpcListen: string;
  readonly callers: Current<readonly ConfiguredCaller[]>;
  readonly reflection: boolean;
  readonly tls: TlsConfig;
}

/** How a process calls the services. */
export interface CallingConfig {
  /** Empty where it has none, and shows its certificate. */
  readonly serviceToken: Current<string>;
  readonly tls: TlsConfig;
}

/** Keys in base64 or hex, as configured. */
export interface KeyEncryptionConfig {
  readonly keyEncryptionKey: string;
  readonly previousKeyEncryptionKey: string | undefined;
}

export interface StoresConfig {
  readonly mongodbUrl: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
}

/** What a process may ask outside. */
export interface OutboundConfig {
  /** Hosts that may be private and plain `http:`, each as `host` or `host:port`. */
  readonly outboundAllowedHosts: readonly string[];
}

/** Undefined where there is no limit. */
export interface SignInLimitsConfig {
  readonly perAccount: ConfiguredRateLimit | undefined;
  readonly perAddress: ConfiguredRateLimit | undefined;
}

/** How signing keys are published and replaced. */
export interface SigningConfig {
  readonly jwksMaxAgeSeconds: number;
  /** 0 for never. */
  readonly keyRotationDays: number;
}

/** Undefined where there is no limit. */
export interface ClientLimitsConfig {
  readonly failures: {
    readonly perClient: ConfiguredRateLimit | undefined;
    readonly perAddress: ConfiguredRateLimit | undefined;
  };
  readonly requests: ConfiguredRateLimit | undefined;
}

/** Undefined where there is no limit. */
export interface AddressLimitsConfig {
  readonly tokenFailures: ConfiguredRateLimit | undefined;
  readonly openRegistrations: ConfiguredRateLimit | undefined;
}

export interface StandaloneConfig extends HttpConfig, SigningConfig, OutboundConfig, TelemetryConfig {
  readonly publicUrl: string;
  readonly dataDir: string;
  readonly durability: "normal" | "full";
  readonly adminPassword: string | undefined;
  readonly adminToken: string | undefined;
  readonly keyEncryptionKey: string | undefined;
  readonly previousKeyEncryptionKey: string | undefined;
  readonly refreshGraceMilliseconds: number;
  readonly signInLimits: SignInLimitsConfig;
  readonly clientLimits: ClientLimitsConfig;
  readonly addressLimits: AddressLimitsConfig;
}

export interface GatewayConfig extends HttpConfig, CallingConfig, TelemetryConfig {
  readonly publicUrl: string;
  readonly registryUrl: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
}

export interface ClientRegistryConfig extends ServedConfig, StoresConfig, KeyEncryptionConfig, OutboundConfig, TelemetryConfig {
  readonly adminToken: string;
  readonly addressLimits: AddressLimitsConfig;
}

export interface AuthConfig extends ServedConfig, CallingConfig, StoresConfig, OutboundConfig, TelemetryConfig {
  readonly publicUrl: string;
  readonly registryUrl: string;
  readonly tokenUrl: string;
  readonly adminPassword: string;
  readonly signInLimits: SignInLimitsConfig;
}

export interface TokenConfig
  extends ServedConfig,
    CallingConfig,
    StoresConfig,
    KeyEncryptionConfig,
    SigningConfig,
    OutboundConfig,
    TelemetryConfig {
  readonly publicUrl: string;
  readonly registryUrl: string;
  readonly authUrl: string;
  readonly clientLimits: ClientLimitsConfig;
  readonly refreshGraceMilliseconds: number;
}

/** What each program reads. */
export interface Configs {
  readonly standalone: StandaloneConfig;
  readonly gateway: GatewayConfig;
  readonly "client-registry": ClientRegistryConfig;
  readonly auth: AuthConfig;
  readonly token: TokenConfig;
}
