import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const programs = new URL("../programs/", import.meta.url);
const cache = fileURLToPath(new URL("../../../node_modules/.cache/signet-interop/", import.meta.url));
/** Downloads included. What is cached takes none of it. */
const patienceMilliseconds = 240_000;

/** How a program is started: an executable with its parameters. */
export interface Command {
  readonly executable: string;
  readonly parameters: readonly string[];
}

/** A program of the kind that Node runs as it is. */
export function nodeProgram(name: string): Command {
  return { executable: process.execPath, parameters: [fileURLToPath(new URL(`${name}/main.ts`, programs))] };
}

/** The version that a tool says it has; undefined where there is no such tool. */
export async function versionOf(tool: "go" | "python3"): Promise<string | undefined> {
  try {
    const { stdout } = await run(tool, [tool === "go" ? "version" : "--version"], { timeout: 20_000 });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/** A Python program in a virtual environment of its own, with what its `requirements.txt` names, versions and hashes included. */
export async function pythonProgram(name: string): Promise<Command> {
  const requirements = fileURLToPath(new URL(`${name}/requirements.txt`, programs));
  const folder = await cached(`${name}-${digestOf([requirements, await versionOf("python3")])}`, async (unfinished) => {
    await run("python3", ["-m", "venv", unfinished], { timeout: patienceMilliseconds });
    const pip = [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--disable-pip-version-check",
      "--require-hashes",
      "--requirement",
      requirements,
    ];
    await run(`${unfinished}/bin/python`, pip, { timeout: patienceMilliseconds });
  });
  return { executable: `${folder}/bin/python`, parameters: [fileURLToPath(new URL(`${name}/main.py`, programs))] };
}

/** A Go program, built with what its `go.mod` and `go.sum` name and nothing newer. */
export async function goProgram(name: string): Promise<Command> {
  const folder = fileURLToPath(new URL(`${name}/`, programs));
  const sources = ["main.go", "go.mod", "go.sum"].map((file) => folder + file);
  const built = await cached(`${name}-${digestOf([...sources, await versionOf("go")])}`, async (unfinished) => {
    await mkdir(unfinished);
    const environment = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" };
    await run("go", ["build", "-o", `${unfinished}/program`, "."], {
      cwd: folder,
      env: environment,
      timeout: patienceMilliseconds,
    });
  });
  return { executable: `${built}/program`, parameters: [] };
}

/** A folder of the cache that `make` fills once, whole or not at all. */
async function cached(name: string, make: (unfinished: string) => Promise<void>): Promise<string> {
  const folder = `${cache}${name}`;
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(cache, { recursive: true });
  await rm(unfinished, { recursive: true, force: true });
  await make(unfinished);
  // Whoever was quicker has made the same.
  await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true }));
  return folder;
}

/** Of the contents of files, and of other texts. */
function digestOf(parts: readonly (string | undefined)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part !== undefined && existsSync(part) ? readFileSync(part) : (part ?? ""));
  return hash.digest("hex").slice(0, 16);
}
