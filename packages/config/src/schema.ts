import { z } from "zod";

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

/** Every setting of Signet, by the name of its environment variable. An empty variable counts as left out. */
export const settings = {
  SIGNET_PUBLIC_URL: z
    .string()
    .refine(isPublicUrl, "must be an https: URL without a path, or an http: one of localhost, 127.0.0.1 or [::1]")
    .transform((value) => new URL(value).origin)
    .optional()
    .describe(
      "Where browsers and applications reach Signet: the default tenant's issuer. Nothing of a request ever changes it. Left out: `http://localhost:` and the port.",
    ),
  SIGNET_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:[\]-]{1,253}$/, "must be a host name or an address")
    .default("localhost")
    .describe(
      "The address to listen on. `localhost` is both 127.0.0.1 and ::1; `0.0.0.0` is every IPv4 address, `::` every address.",
    ),
  SIGNET_PORT: wholeNumber(1, 65535).default(4000).describe("The port to listen on."),
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
  SIGNET_ADMIN_PASSWORD: z
    .string()
    .min(8, "must have at least 8 characters")
    .max(256, "must have at most 256 characters")
    .optional()
    .describe("The password of the user `admin`, who is made on first start. Left out: a random one, printed once."),
  SIGNET_ADMIN_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{32,256}$/, "must be 32 to 256 printable ASCII characters without spaces")
    .optional()
    .describe(
      "The administration token. Set: this one holds from this start on. Left out: a random one is made on first start and printed once.",
    ),
  SIGNET_KEY_ENCRYPTION_KEY: z
    .string()
    .regex(/^(?:[0-9A-Fa-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/, "must be 32 bytes, as 64 hex digits or in base64")
    .optional()
    .describe("What secrets at rest are encrypted under. Left out: made on first start and kept beside the database, mode 0600."),
  SIGNET_REFRESH_GRACE_MS: wholeNumber(0, 60_000)
    .default(10_000)
    .describe(
      "For how long a used refresh token still gets the same successor, in milliseconds: a client whose reply was lost may try again.",
    ),
  SIGNET_LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], { error: "must be debug, info, warn, error or silent" })
    .default("info")
    .describe("The least level that is logged."),
} as const;

const schema = z.object(settings);

export interface Config {
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly durability: "normal" | "full";
  readonly adminPassword: string | undefined;
  readonly adminToken: string | undefined;
  readonly keyEncryptionKey: string | undefined;
  readonly refreshGraceMilliseconds: number;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
}

/** The environment does not make a configuration. Each problem is one readable line. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/**
 * The configuration that `environment` describes.
 * @throws ConfigError with a line for each problem, also for a SIGNET_ variable that is no setting
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.entries(environment).filter(
    ([name, value]) => name.startsWith("SIGNET_") && value !== undefined && value !== "",
  );
  const unknown = given.filter(([name]) => !Object.hasOwn(settings, name) && !name.startsWith("SIGNET_TEST_"));
  const parsed = schema.safeParse(Object.fromEntries(given));
  const problems = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join(".")} ${message}`),
    ...unknown.map(([name]) => `${name} is no setting of Signet`),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const value = parsed.data;
  return {
    publicUrl: value.SIGNET_PUBLIC_URL ?? `http://localhost:${value.SIGNET_PORT}`,
    host: value.SIGNET_HOST,
    port: value.SIGNET_PORT,
    dataDir: value.SIGNET_DATA_DIR,
    durability: value.SIGNET_DURABILITY,
    adminPassword: value.SIGNET_ADMIN_PASSWORD,
    adminToken: value.SIGNET_ADMIN_TOKEN,
    keyEncryptionKey: value.SIGNET_KEY_ENCRYPTION_KEY,
    refreshGraceMilliseconds: value.SIGNET_REFRESH_GRACE_MS,
    logLevel: value.SIGNET_LOG_LEVEL,
  };
}
