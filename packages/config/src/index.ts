import type { Configs } from "./config.ts";
import { parseConfig } from "./parse-config.ts";
import type { App } from "./settings-of.ts";

export type { ConfiguredCaller } from "./callers.ts";
export type {
  AuthConfig,
  CallingConfig,
  ClientRegistryConfig,
  Configs,
  GatewayConfig,
  HttpConfig,
  HttpsConfig,
  HttpsIdentity,
  KeyEncryptionConfig,
  OutboundConfig,
  ProxiesConfig,
  ServedConfig,
  SignInLimitsConfig,
  StandaloneConfig,
  StoresConfig,
  TelemetryConfig,
  TlsConfig,
  TokenConfig,
} from "./config.ts";
export { ConfigError } from "./config-error.ts";
export type { Current } from "./current.ts";
export { parseConfig } from "./parse-config.ts";
export { type ProxyRange, parseProxies } from "./proxies.ts";
export { settings } from "./settings.ts";
export { type App, requiredOf, settingsInFiles, settingsOf } from "./settings-of.ts";

/** The configuration of this process as `app`. The only reader of its environment. */
export function readConfig<Name extends App>(app: Name): Configs[Name] {
  return parseConfig(app, process.env);
}
