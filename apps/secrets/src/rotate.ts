import { newSecret, type Random } from "@signet/protocol";
import { formatKeyEncryptionKey, generateKeyEncryptionKey } from "@signet/sealing";
import { callers, internalCallersFile, linesOf, rotated, rotatedText, serviceTokenFile } from "./deployment-secrets.ts";
import type { SecretFolder } from "./secret-folder.ts";
import { UsageError } from "./usage-error.ts";

export interface RotationDependencies {
  readonly folder: SecretFolder;
  readonly random: Random;
  /** Gives everybody what the folder holds now. */
  readonly handOut: () => void;
  /** Resolves once every service has read what was handed out. */
  readonly untilRead: () => Promise<void>;
}

const keyEncryptionKey = "key-encryption-key";

/** What can be rotated, by name, and the file that holds it. */
const rotatedFiles: ReadonlyMap<string, string> = new Map([
  [keyEncryptionKey, keyEncryptionKey],
  ...callers.map((caller) => [caller, serviceTokenFile(caller)] as const),
]);

/**
 * Puts a new secret in the place of `name`'s, which stays accepted beside it until it is retired.
 * @throws UsageError where nothing has that name, or the last rotation's old secret is still accepted
 */
export async function rotate(name: string, { folder, random, handOut, untilRead }: RotationDependencies): Promise<void> {
  const { file, current, other } = rotatable(name, folder);
  if (other !== undefined) throw new UsageError(`${name} has two secrets already: retire the old one first`);
  const next = name === keyEncryptionKey ? formatKeyEncryptionKey(generateKeyEncryptionKey(random)) : newSecret(random);
  if (name !== keyEncryptionKey) {
    // Whoever is shown the new token must know it before it is shown.
    folder.replace(file, rotatedText({ current, other: next }));
    handOut();
    await untilRead();
  }
  folder.replace(file, rotatedText({ current: next, other: current }));
  handOut();
}

/** Handed to nobody: what only backups, or data keys that were overlooked, are still encrypted under. */
const retiredKeysFile = "retired-key-encryption-keys";

/** Leaves `name` only the secret that is used. A key-encryption key is kept all the same, apart: without it whatever it still encrypts is lost for good. */
export function retire(name: string, { folder, handOut }: Pick<RotationDependencies, "folder" | "handOut">): void {
  const { file, current, other } = rotatable(name, folder);
  if (name === keyEncryptionKey && other !== undefined) {
    folder.replace(retiredKeysFile, [...linesOf(folder.read(retiredKeysFile) ?? ""), other].join("\n"));
  }
  folder.replace(file, current);
  handOut();
}

function rotatable(name: string, folder: SecretFolder) {
  const file = rotatedFiles.get(name);
  if (file === undefined) throw new UsageError(`${name} is none of ${[...rotatedFiles.keys()].join(", ")}`);
  return { file, ...rotated(folder.read(file) ?? "") };
}

const internalCallerShape = /^(?<name>[a-z][a-z0-9-]{0,63}):(?:read|write)$/;

/**
 * Lets an internal service call client-registry with the token that is returned, beside those it has. `caller` is `name:read` or `name:write`.
 * @throws UsageError for any other text
 */
export function admit(caller: string, { folder, random, handOut }: Omit<RotationDependencies, "untilRead">): string {
  const name = internalCallerShape.exec(caller)?.groups?.name;
  if (name === undefined || callers.some((own) => own === name) || name === "client-registry") {
    throw new UsageError("an internal service is admitted as name:read or name:write, with a name that is none of Signet's own");
  }
  const before = entriesOf(folder);
  const others = before.filter((entry) => nameOf(entry) === name);
  if (others.some((entry) => !entry.startsWith(`${caller}=`)))
    throw new UsageError(`${name} has another right: dismiss it first`);
  const token = newSecret(random);
  folder.replace(internalCallersFile, [...before, `${caller}=${token}`].join("\n"));
  handOut();
  return token;
}

/**
 * Lets an internal service call client-registry no more, with none of its tokens.
 * @throws UsageError where there is none of that name
 */
export function dismiss(name: string, { folder, handOut }: Pick<RotationDependencies, "folder" | "handOut">): void {
  const before = entriesOf(folder);
  const after = before.filter((entry) => nameOf(entry) !== name);
  if (after.length === before.length) throw new UsageError(`no internal service is called ${name}`);
  folder.replace(internalCallersFile, after.join("\n"));
  handOut();
}

function entriesOf(folder: SecretFolder): readonly string[] {
  return linesOf(folder.read(internalCallersFile) ?? "");
}

function nameOf(entry: string): string {
  return entry.split(/[:=]/, 1).join("");
}
