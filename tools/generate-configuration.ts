/** Writes docs/configuration.md from the schema of packages/config. With `--check` it only says whether the committed page is what the schema gives. */
import { readFileSync, writeFileSync } from "node:fs";
import { settings } from "../packages/config/src/index.ts";

const path = "docs/configuration.md";

function defaultOf(setting: (typeof settings)[keyof typeof settings]): string {
  const parsed = setting.safeParse(undefined);
  return parsed.success && parsed.data !== undefined ? `\`${parsed.data}\`` : "–";
}

const rows = Object.entries(settings).map(
  ([name, setting]) => `| \`${name}\` | ${defaultOf(setting)} | ${setting.description ?? ""} |`,
);

const page = `# Configuration

Every setting is an environment variable, read once at the start. A wrong value, or a \`SIGNET_\` variable that is no setting, stops the start with one
line for each problem. This page is generated from \`packages/config\`: \`npm run generate\`.

| setting | default | meaning |
|---|---|---|
${rows.join("\n")}

What belongs to a tenant – lifetimes, branding, whose members may sign in, when refresh tokens are issued – is set by the
[administration API](administration-api.md), and takes effect at once.
`;

if (process.argv.includes("--check")) {
  if (readFileSync(path, "utf8") !== page) {
    console.error(`${path} is not what packages/config gives; run \`npm run generate\` and commit.`);
    process.exitCode = 1;
  }
} else {
  writeFileSync(path, page);
}
