import { join } from "node:path";
import type { DeploymentSecrets } from "./deployment-secrets.ts";
import { handedOut, type Reader, readers } from "./handed-out.ts";
import { forOwner, forReaders, SecretFolder } from "./secret-folder.ts";

/** Redis runs as the user of its own image. */
const modes: Readonly<Record<Reader, number>> = {
  gateway: forOwner,
  "client-registry": forOwner,
  auth: forOwner,
  token: forOwner,
  redis: forReaders,
};

/** Puts into the folder of each reader, beneath `path`, what they have to know; a file that says so already stays as it is. */
export function handOut(secrets: DeploymentSecrets, path: string): void {
  const files = handedOut(secrets);
  for (const reader of readers) {
    const folder = new SecretFolder(join(path, reader));
    for (const [name, content] of Object.entries(files[reader])) folder.replace(name, content, modes[reader]);
  }
}
