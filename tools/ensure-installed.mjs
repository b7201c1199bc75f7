// Installs the workspace with the pinned pnpm, unless what is installed already answers to the lockfile: then `npm start` loses no time to it.
// Runs on the machine's own Node, which may be older than the pinned one, so it is plain JavaScript.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** pnpm leaves a copy of the lockfile it last installed in node_modules/.pnpm/lock.yaml. */
function isInstalled() {
  try {
    return readFileSync(`${root}pnpm-lock.yaml`, "utf8") === readFileSync(`${root}node_modules/.pnpm/lock.yaml`, "utf8");
  } catch {
    return false;
  }
}

if (!isInstalled()) {
  const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  console.log(`Installing dependencies with ${packageManager} …`);
  const install = spawnSync("npx", ["--yes", packageManager, "install", "--prefer-offline", "--frozen-lockfile"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  process.exit(install.status ?? 1);
}
