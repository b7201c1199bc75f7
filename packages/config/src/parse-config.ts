import { z } from "zod";
import { parseCallers } from "./callers.ts";
import type { Configs, TlsConfig } from "./config.ts";
import { ConfigError } from "./config-error.ts";
import { type Current, constant, ofFile, type Parsed } from "./current.ts";
import { type Environment, type Given, givenFor } from "./environment.ts";
import { edgeProblems, httpsOf, proxiesOf } from "./https.ts";
import { rateLimitIn } from "./rate-limit.ts";
import { type SettingName, settings } from "./settings.ts";
import type { App } from "./settings-of.ts";

const schema = z.object(settings);
type Values = z.infer<typeof schema>;

/**
 * The configuration of `app` that `environment`, and the files it names, describe.
 * @throws ConfigError with a line for each problem, also for a SIGNET_ variable that is none of this program's settings
 */
export function parseConfig<Name extends App>(app: Name, environment: Environment): Configs[Name] {
  const given = givenFor(app, environment);
  const { texts, files, problems } = given;
  const parsed = schema.safeParse(texts);
  const callers = texts.SIGNET_CALLERS === undefined ? [] : parseCallers(texts.SIGNET_CALLERS);
  const all = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join(".")} ${message}`),
    ...("problem" in callers ? [`SIGNET_CALLERS ${callers.problem}`] : []),
    ...(parsed.success ? edgeProblems(parsed.data) : []),
    ...problems,
  ];
  if (!parsed.success || "problem" in callers || all.length > 0) throw new ConfigError(all);

  /** A setting that is read again whenever its file has changed. */
  function current<Value>(name: SettingName, value: Value, parse: (text: string) => Parsed<Value>): Current<Value> {
    const path = files.get(name);
    return path === undefined ? constant(value) : ofFile(path, { text: texts[name] ?? "", value }, parse);
  }

  return builders[app](parsed.data, {
    given,
    callers: current("SIGNET_CALLERS", callers, (text) => {
      const read = parseCallers(text);
      return "problem" in read ? read : { value: read };
    }),
    serviceToken: current("SIGNET_SERVICE_TOKEN", parsed.data.SIGNET_SERVICE_TOKEN ?? "", (text) => {
      const { data, error } = settings.SIGNET_SERVICE_TOKEN.safeParse(text);
      return data === undefined ? { problem: error?.issues[0]?.message ?? "is empty" } : { value: data };
    }),
  });
}

interface CurrentValues {
  readonly given: Given;
  readonly callers: Configs["auth"]["callers"];
  readonly serviceToken: Current<string>;
}

const rpcPorts = { "client-registry": 4011, auth: 4012, token: 4013 } as const;

const builders: { readonly [Name in App]: (values: Values, current: CurrentValues) => Configs[Name] } = {
  standalone: (values, { given }) => ({
    ...telemetryOf(values),
    ...httpOf(values, given),
    publicUrl: publicUrlOf(values),
    dataDir: values.SIGNET_DATA_DIR,
    durability: values.SIGNET_DURABILITY,
    adminPassword: values.SIGNET_ADMIN_PASSWORD,
    adminToken: values.SIGNET_ADMIN_TOKEN,
    keyEncryptionKey: values.SIGNET_KEY_ENCRYPTION_KEY,
    previousKeyEncryptionKey: values.SIGNET_PREVIOUS_KEY_ENCRYPTION_KEY,
    refreshGraceMilliseconds: values.SIGNET_REFRESH_GRACE_MS,
    ...signingOf(values),
    outboundAllowedHosts: values.SIGNET_OUTBOUND_ALLOWED_HOSTS,
    signInLimits: signInLimitsOf(values),
    clientLimits: clientLimitsOf(values),
    addressLimits: addressLimitsOf(values),
  }),
  gateway: (values, { given, serviceToken }) => ({
    ...telemetryOf(values),
    ...httpOf(values, given),
    publicUrl: publicUrlOf(values),
    registryUrl: values.SIGNET_REGISTRY_URL,
    authUrl: values.SIGNET_AUTH_URL,
    tokenUrl: values.SIGNET_TOKEN_URL,
    serviceToken,
    tls: tlsOf(values),
  }),
  "client-registry": (values, current) => ({
    ...telemetryOf(values),
    ...servedOf("client-registry", values, current),
    ...storesOf(values),
    outboundAllowedHosts: values.SIGNET_OUTBOUND_ALLOWED_HOSTS,
    ...keysOf(values),
    adminToken: required(values.SIGNET_ADMIN_TOKEN),
    addressLimits: addressLimitsOf(values),
  }),
  auth: (values, current) => ({
    ...telemetryOf(values),
    ...servedOf("auth", values, current),
    ...storesOf(values),
    outboundAllowedHosts: values.SIGNET_OUTBOUND_ALLOWED_HOSTS,
    publicUrl: publicUrlOf(values),
    registryUrl: values.SIGNET_REGISTRY_URL,
    tokenUrl: values.SIGNET_TOKEN_URL,
    serviceToken: current.serviceToken,
    adminPassword: required(values.SIGNET_ADMIN_PASSWORD),
    signInLimits: signInLimitsOf(values),
  }),
  token: (values, current) => ({
    ...telemetryOf(values),
    ...servedOf("token", values, current),
    ...storesOf(values),
    outboundAllowedHosts: values.SIGNET_OUTBOUND_ALLOWED_HOSTS,
    ...keysOf(values),
    publicUrl: publicUrlOf(values),
    registryUrl: values.SIGNET_REGISTRY_URL,
    authUrl: values.SIGNET_AUTH_URL,
    serviceToken: current.serviceToken,
    clientLimits: clientLimitsOf(values),
    refreshGraceMilliseconds: values.SIGNET_REFRESH_GRACE_MS,
    ...signingOf(values),
  }),
};

function signingOf(values: Values) {
  return { jwksMaxAgeSeconds: values.SIGNET_JWKS_MAX_AGE_SECONDS, keyRotationDays: values.SIGNET_KEY_ROTATION_DAYS };
}

function publicUrlOf(values: Values): string {
  const scheme = values.SIGNET_HTTPS_CERTIFICATE === undefined ? "http" : "https";
  return values.SIGNET_PUBLIC_URL ?? `${scheme}://localhost:${values.SIGNET_PORT}`;
}

function httpOf(values: Values, given: Given) {
  return {
    host: values.SIGNET_HOST,
    port: values.SIGNET_PORT,
    https: httpsOf(values, given),
    proxies: proxiesOf(values),
    requestsAtATime: values.SIGNET_REQUESTS_AT_A_TIME,
  };
}

function telemetryOf(values: Values) {
  return {
    logLevel: values.SIGNET_LOG_LEVEL,
    metricsListen: values.SIGNET_METRICS_LISTEN,
    otlpUrl: values.SIGNET_OTLP_URL,
    traceShare: values.SIGNET_TRACE_SHARE,
  };
}

function servedOf(app: keyof typeof rpcPorts, values: Values, { callers }: CurrentValues) {
  return {
    rpcListen: values.SIGNET_RPC_LISTEN ?? `grpc://127.0.0.1:${rpcPorts[app]}`,
    callers,
    reflection: values.SIGNET_REFLECTION === "on",
    tls: tlsOf(values),
  };
}

function tlsOf(values: Values): TlsConfig {
  return {
    certificate: values.SIGNET_TLS_CERTIFICATE,
    key: values.SIGNET_TLS_KEY,
    authorities: values.SIGNET_TLS_AUTHORITIES,
  };
}

function clientLimitsOf(values: Values) {
  return {
    failures: {
      perClient: rateLimitIn(values.SIGNET_CLIENT_FAILURES) || undefined,
      perAddress: rateLimitIn(values.SIGNET_CLIENT_FAILURES_PER_ADDRESS) || undefined,
    },
    requests: rateLimitIn(values.SIGNET_REQUESTS_PER_CLIENT) || undefined,
  };
}

function signInLimitsOf(values: Values) {
  return {
    perAccount: rateLimitIn(values.SIGNET_SIGN_INS_PER_ACCOUNT) || undefined,
    perAddress: rateLimitIn(values.SIGNET_SIGN_INS_PER_ADDRESS) || undefined,
  };
}

function addressLimitsOf(values: Values) {
  return {
    tokenFailures: rateLimitIn(values.SIGNET_TOKEN_FAILURES_PER_ADDRESS) || undefined,
    openRegistrations: rateLimitIn(values.SIGNET_OPEN_REGISTRATIONS_PER_ADDRESS) || undefined,
  };
}

function storesOf(values: Values) {
  return { mongodbUrl: values.SIGNET_MONGODB_URL, redisUrl: values.SIGNET_REDIS_URL, redisPrefix: values.SIGNET_REDIS_PREFIX };
}

function keysOf(values: Values) {
  return {
    keyEncryptionKey: required(values.SIGNET_KEY_ENCRYPTION_KEY),
    previousKeyEncryptionKey: values.SIGNET_PREVIOUS_KEY_ENCRYPTION_KEY,
  };
}

/** Of a setting that is in `requiredOf` of the program. */
function required(value: string | undefined): string {
  if (value === undefined) throw new Error("a required setting is missing from the table of required ones");
  return value;
}
