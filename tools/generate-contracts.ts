/** Generates packages/contracts from proto/. With `--check` it only says whether what is committed is what the protos give. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const committed = "packages/contracts/src/generated";

function generate(folder: string): void {
  const template = readFileSync("buf.gen.yaml", "utf8").replace(committed, folder);
  execFileSync("buf", ["generate", "--template", template], { stdio: "inherit" });
}

function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts"));
  return new Map(files.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

if (process.argv.includes("--check")) {
  const folder = mkdtempSync(join(tmpdir(), "signet-contracts-"));
  try {
    generate(folder);
    const expected = contents(folder);
    const found = contents(committed);
    const stale = [...new Set([...expected.keys(), ...found.keys()])].filter((path) => expected.get(path) !== found.get(path));
    if (stale.length > 0) {
      console.error(
        `Not what proto/ gives; run \`npm run generate\` and commit:\n${stale.map((path) => `  ${committed}/${path}`).join("\n")}`,
      );
      process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  generate(committed);
}
