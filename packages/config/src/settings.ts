import { z } from "zod";
import { parseProxies } from "./proxies.ts";
import { rateLimitSettings } from "./rate-limit-settings.ts";

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

function isPublicUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const isSecureEnough = url.protocol === "https:" || (url.protocol === "http:" && loopbackHosts.has(url.hostname));
  return (
    isSecureEnough && url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "" && url.password === ""
  );
}

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `must be a whole number from ${from} to ${to}`);

const keyEncryptionKey = z
  .string()
  .regex(/^(?:[0-9A-Fa-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/, "must be 32 bytes, as 64 hex digits or in base64");

const token = z.string().regex(/^[\x21-\x7e]{32,256}$/, "must be 32 to 256 printable ASCII characters without spaces");

const serviceAddress = z
  .string()
  .regex(
    /^(?:grpcs?|muxs?):\/\/(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/,
    "must be mux://host:port, or muxs:, grpc: or grpcs:",
  );

const allowedHost = /^(?:[a-z0-9](?:[a-z0-9._-]{0,252})|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

const headerName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, "must be the name of a header")
  .transform((name) => name.toLowerCase());

const pem = z.string().regex(/^-----BEGIN [A-Z ]+-----\n/, "must be in PEM");

/** Every setting of Signet, by the name of its environment variable. An empty variable counts as left out. */
export const settings = {
  SIGNET_PUBLIC_URL: z
    .string()
    .refine(isPublicUrl, "must be an https: URL without a path, or an http: one of localhost, 127.0.0.1 or [::1]")
    .transform((value) => new URL(value).origin)
    .optional()
    .describe(
      "Where browsers and applications reach Signet: the default tenant's issuer. Nothing of a request ever changes it. The same for all programs of a deployment. Left out in one process: `http://localhost:` and the port, or `https:` where it has a certificate.",
    ),
  SIGNET_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:[\]-]{1,253}$/, "must be a host name or an address")
    .default("localhost")
    .describe(
      "The address to listen on. `localhost` is both 127.0.0.1 and ::1; `0.0.0.0` is every IPv4 address, `::` every address.",
    ),
  SIGNET_PORT: wholeNumber(1, 65535).default(4000).describe("The port to listen on."),
  SIGNET_HTTPS_CERTIFICATE: pem
    .optional()
    .describe(
      "The certificate that browsers and applications are shown, with its chain: Signet then answers over TLS itself, and `SIGNET_PUBLIC_URL` is an `https:` URL. From a file it is read again when the file changes. Left out: plain HTTP, for `localhost` or behind a proxy that ends TLS.",
    ),
  SIGNET_HTTPS_KEY: pem.optional().describe("The certificate's private key."),
  SIGNET_HTTPS_CLIENT_CERTIFICATES: z
    .enum(["on", "off"], { error: "must be on or off" })
    .default("off")
    .describe(
      "Whether callers are asked for a certificate in TLS, with which clients may authenticate (RFC 8705). Nobody has to show one. Browsers may ask people which one to show.",
    ),
  SIGNET_HTTPS_CLIENT_AUTHORITIES: pem
    .optional()
    .describe(
      "Whose certificates prove a client's name (`tls_client_auth`). Left out: only certificates that clients have registered themselves count.",
    ),
  SIGNET_TRUSTED_PROXIES: z
    .string()
    .max(8192)
    .superRefine((text, context) => {
      const proxies = parseProxies(text);
      if ("problem" in proxies) context.addIssue({ code: "custom", message: proxies.problem });
    })
    .optional()
    .describe(
      "The proxies in front of Signet: IP addresses and ranges (`10.0.0.0/8`, `fd00::/8`) with spaces or commas between them. From these, and nobody else, `X-Forwarded-For` says where a request came from, and a header its client certificate. Left out: whoever connects is the caller.",
    ),
  SIGNET_CLIENT_CERTIFICATE_HEADER: headerName
    .optional()
    .describe(
      "The header in which the trusted proxies hand on the certificate that a client showed them: `Client-Cert` of RFC 9440, or one with nginx's `$ssl_client_escaped_cert`. They must remove it from what they are sent. Left out: none.",
    ),
  SIGNET_CLIENT_CERTIFICATE_VERIFIED_HEADER: headerName
    .optional()
    .describe(
      "The header in which the trusted proxies say `SUCCESS` where they have verified that certificate up to an authority (nginx's `$ssl_client_verify`): it then proves a client's name (`tls_client_auth`). Left out: only certificates that clients have registered themselves count.",
    ),
  SIGNET_REQUESTS_AT_A_TIME: wholeNumber(1, 65_535)
    .default(512)
    .describe(
      "How many requests are worked on at a time, or wait for that; those beyond are refused at once with 503 and `Retry-After`. Discovery, keys and health are always answered. See [overload](operation.md#overload).",
    ),
  SIGNET_DATA_DIR: z
    .string()
    .min(1)
    .max(4096)
    .default(".signet")
    .describe("The folder of the embedded database, made on first start."),
  SIGNET_DURABILITY: z
    .enum(["normal", "full"], { error: "must be normal or full" })
    .default("normal")
    .describe(
      "What a power failure may take with it: `normal` – the last moments of codes, sessions and refresh tokens, never of tenants, clients, users and keys; `full` – nothing. Neither loses anything when only the process dies.",
    ),
  SIGNET_RPC_LISTEN: z
    .string()
    .regex(/^grpcs?:\/\/(?:[0-9.]{7,15}|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/, "must be grpc:// or grpcs://, an IP address and a port")
    .optional()
    .describe(
      "Where a service answers the others, `grpc://` or, with a certificate, `grpcs://`, an IP address and a port; `mux:` callers come to the same port. Left out: 127.0.0.1 and 4011 for client-registry, 4012 for auth, 4013 for token.",
    ),
  SIGNET_REGISTRY_URL: serviceAddress
    .default("mux://localhost:4011")
    .describe(
      "Where client-registry is. All addresses of the host's name are used. `mux:` or `muxs:` is what Signet's own services use.",
    ),
  SIGNET_AUTH_URL: serviceAddress.default("mux://localhost:4012").describe("Where auth is."),
  SIGNET_TOKEN_URL: serviceAddress.default("mux://localhost:4013").describe("Where token is."),
  SIGNET_SERVICE_TOKEN: token
    .optional()
    .describe("What this process shows the services that it calls. Left out where it shows them a certificate instead."),
  SIGNET_CALLERS: z
    .string()
    .max(65_536)
    .optional()
    .describe(
      "Who may call this service: entries `name=token` with white space between them, two of one name while a token is being replaced. `name=certificate:common-name` is one who shows a client certificate. At client-registry other names than `gateway`, `auth` and `token` say what they may: `billing:read=…`, `provisioning:write=…`. Lines that begin with `#` are left out.",
    ),
  SIGNET_TLS_CERTIFICATE: pem
    .optional()
    .describe("The certificate that this process shows over `grpcs:` and `muxs:`, with its chain."),
  SIGNET_TLS_KEY: pem.optional().describe("The certificate's private key."),
  SIGNET_TLS_AUTHORITIES: pem
    .optional()
    .describe(
      "Whose certificates this process accepts over `grpcs:` and `muxs:`. A service that has them asks its callers for one.",
    ),
  SIGNET_REFLECTION: z
    .enum(["on", "off"], { error: "must be on or off" })
    .default("off")
    .describe("Whether a service describes its methods to tools (gRPC server reflection). For development."),
  SIGNET_MONGODB_URL: z
    .string()
    .regex(/^mongodb(?:\+srv)?:\/\/./, "must be a mongodb: or mongodb+srv: URL")
    .default("mongodb://localhost:27017/signet")
    .describe("MongoDB, with the database in the path."),
  SIGNET_REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/./, "must be a redis: or rediss: URL")
    .default("redis://localhost:6379/0")
    .describe("Redis 7 or newer, with `maxmemory-policy noeviction`."),
  SIGNET_REDIS_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, _ and -")
    .default("signet")
    .describe("Stands before every key in Redis, so that several deployments can share one."),
  SIGNET_ADMIN_PASSWORD: z
    .string()
    .min(8, "must have at least 8 characters")
    .max(256, "must have at most 256 characters")
    .optional()
    .describe(
      "The password of the user `admin`, who is made on first start. Left out in one process: a random one, printed once.",
    ),
  SIGNET_ADMIN_TOKEN: token
    .optional()
    .describe(
      "The administration token. Set: this one holds from this start on. Left out in one process: a random one is made on first start and printed once.",
    ),
  SIGNET_KEY_ENCRYPTION_KEY: keyEncryptionKey
    .optional()
    .describe(
      "What secrets at rest are encrypted under. Left out in one process: made on first start and kept beside the database, mode 0600.",
    ),
  SIGNET_PREVIOUS_KEY_ENCRYPTION_KEY: keyEncryptionKey
    .optional()
    .describe("While the key-encryption key is being replaced: the one before."),
  SIGNET_REFRESH_GRACE_MS: wholeNumber(0, 60_000)
    .default(10_000)
    .describe(
      "For how long a used refresh token still gets the same successor, in milliseconds: a client whose reply was lost may try again.",
    ),
  SIGNET_OUTBOUND_ALLOWED_HOSTS: z
    .string()
    .max(4096)
    .transform((value) => value.split(/[\s,]+/).filter((host) => host !== ""))
    .refine(
      (hosts) => hosts.every((host) => allowedHost.test(host)),
      "must be hosts in lower case, host or host:port, between spaces",
    )
    .default([])
    .describe(
      "Hosts that Signet may fetch clients' documents from, and tell of sign-outs, although their addresses are private or their URLs plain `http:`: `host` for every port of it, or `host:port`, with spaces between them. Left out: none; only public addresses over `https:`.",
    ),
  SIGNET_JWKS_MAX_AGE_SECONDS: wholeNumber(10, 3600)
    .default(300)
    .describe(
      "For how long relying parties may keep a tenant's public keys, in seconds. A new signing key is published for twice as long and two minutes more before it signs.",
    ),
  SIGNET_KEY_ROTATION_DAYS: wholeNumber(0, 3650)
    .default(90)
    .describe(
      "After how many days a signing key is replaced by itself; 0 for never. An administrator can replace it at any time.",
    ),
  ...rateLimitSettings,
  SIGNET_LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], { error: "must be debug, info, warn, error or silent" })
    .default("info")
    .describe("The least level that is logged."),
  SIGNET_METRICS_LISTEN: z
    .string()
    .regex(/^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/, "must be host:port")
    .optional()
    .describe("Where Prometheus finds the metrics, `host:port`. Left out: nowhere, and none are kept."),
  SIGNET_OTLP_URL: z
    .string()
    .regex(/^https?:\/\/./, "must be an http: or https: URL")
    .optional()
    .describe("Where traces are sent, as OTLP over HTTP. Left out: none are made."),
  SIGNET_TRACE_SHARE: z
    .string()
    .regex(/^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/, "must be a number from 0 to 1")
    .transform(Number)
    .default(1)
    .describe("Of how many requests a trace is made: 1 of all, 0.01 of one in a hundred."),
} as const;

export type SettingName = keyof typeof settings;
