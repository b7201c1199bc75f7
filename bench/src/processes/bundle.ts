import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** An app as its image has it: one file, in a folder that `resources` removes. */
export async function bundle(app: string, resources: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "signet-bundle-"));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const { status, stderr } = spawnSync(process.execPath, [join(root, "tools", "bundle.ts"), app, folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${app} could not be bundled:\n${stderr}`);
  return join(folder, "main.mjs");
}
