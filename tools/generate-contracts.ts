/** Generates packages/contracts from proto/. With `--check` it only says whether what is committed is what the protos give. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const committed = "packages/contracts/src/generated";

function generate(folder: string): void {
  const template = readFileSync("buf.gen.yaml", "utf8").replace(committed, folder);
  execFileSync("buf", ["generate", "--template", template], { stdio: "inherit" });
  writeFileSync(join(folder, "descriptors.ts"), descriptors());
}

/** What reflection answers from, as a module: an app that is bundled into one file has no other files beside it. */
function descriptors(): string {
  const set = execFileSync("buf", ["build", "proto", "--as-file-descriptor-set", "--exclude-source-info", "-o", "-"]);
  return [
    "/** The protos as a `google.protobuf.FileDescriptorSet`, in base64. */",
    `export const fileDescriptorSet = "${set.toString("base64")}";`,
    "",
  ].join("\n");
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
