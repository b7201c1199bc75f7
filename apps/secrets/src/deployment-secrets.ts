import { newSecret, type Random } from "@signet/protocol";
import { formatKeyEncryptionKey, generateKeyEncryptionKey } from "@signet/sealing";
import type { SecretFolder } from "./secret-folder.ts";

/** Signet's own programs that call a service. */
export const callers = ["gateway", "auth", "token"] as const;
export type Caller = (typeof callers)[number];

/** Signet's own programs that keep data. */
export const keepers = ["client-registry", "auth", "token"] as const;
export type Keeper = (typeof keepers)[number];

/** One that is used, and at times another beside it that is accepted: while the one takes the other's place. */
export interface Rotated {
  readonly current: string;
  readonly other: string | undefined;
}

/** All secrets of a deployment. */
export interface DeploymentSecrets {
  readonly keyEncryptionKey: Rotated;
  readonly adminToken: string;
  readonly adminPassword: string;
  readonly serviceTokens: Readonly<Record<Caller, Rotated>>;
  /** Entries of `SIGNET_CALLERS` for client-registry: those who are none of Signet's own programs. */
  readonly internalCallers: readonly string[];
  readonly redisPasswords: Readonly<Record<Keeper, string>>;
}

export const internalCallersFile = "internal-callers";

export function serviceTokenFile(caller: Caller): string {
  return `service-token-of-${caller}`;
}

/** The secrets in `folder`, each made where it is missing; also the names of those that were. */
export function establishSecrets(
  folder: SecretFolder,
  random: Random,
): { readonly secrets: DeploymentSecrets; readonly made: ReadonlySet<string> } {
  const made = new Set<string>();
  const secret = (name: string, make = () => String(newSecret(random))): string => {
    const established = folder.establish(name, make);
    if (established.made) made.add(name);
    return established.value;
  };
  const secrets = {
    keyEncryptionKey: rotated(secret("key-encryption-key", () => formatKeyEncryptionKey(generateKeyEncryptionKey(random)))),
    adminToken: secret("admin-token"),
    // To be typed by a person: 144 bits will do.
    adminPassword: secret("admin-password", () => newSecret(random).slice(0, 24)),
    serviceTokens: {
      gateway: rotated(secret(serviceTokenFile("gateway"))),
      auth: rotated(secret(serviceTokenFile("auth"))),
      token: rotated(secret(serviceTokenFile("token"))),
    },
    internalCallers: linesOf(folder.read(internalCallersFile) ?? ""),
    redisPasswords: {
      "client-registry": secret("redis-password-of-client-registry"),
      auth: secret("redis-password-of-auth"),
      token: secret("redis-password-of-token"),
    },
  };
  return { secrets, made };
}

/** As it stands in a file: what is used in the first line, the other in the second. */
export function rotated(text: string): Rotated {
  const [current = "", other] = linesOf(text);
  return { current, other };
}

export function rotatedText({ current, other }: Rotated): string {
  return other === undefined ? current : `${current}\n${other}`;
}

export function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
