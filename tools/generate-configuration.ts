/** Writes docs/configuration.md from the schema of packages/config. With `--check` it only says whether the committed page is what the schema gives. */
import { readFileSync, writeFileSync } from "node:fs";
import { requiredOf, settings, settingsInFiles, settingsOf } from "../packages/config/src/index.ts";

const path = "docs/configuration.md";

function defaultOf(setting: (typeof settings)[keyof typeof settings]): string {
  const parsed = setting.safeParse(undefined);
  return parsed.success && parsed.data !== undefined ? `\`${parsed.data}\`` : "–";
}

const inFiles: readonly string[] = settingsInFiles;

function readersOf(name: string): string {
  return Object.entries(settingsOf)
    .filter(([, names]: [string, readonly string[]]) => names.includes(name))
    .map(([app]) => (requiredOf[app as keyof typeof requiredOf].some((required) => required === name) ? `**${app}**` : app))
    .join(", ");
}

const rows = Object.entries(settings).map(
  ([name, setting]) =>
    `| \`${name}\`${inFiles.includes(name) ? " or `…_FILE`" : ""} | ${defaultOf(setting)} | ${setting.description ?? ""} | ${readersOf(name)} |`,
);

const page = `# Configuration

Every setting is an environment variable, read once at the start. A wrong value, or a \`SIGNET_\` variable that is none of the program's settings, stops
the start with one line for each problem. This page is generated from \`packages/config\`: \`npm run generate\`.

Secrets are better kept in files: where the table says \`…_FILE\`, the variable of that name with \`_FILE\` at its end gives the path of a file that
holds the value, at most 64 KiB, white space around it left out. \`SIGNET_CALLERS_FILE\`, \`SIGNET_SERVICE_TOKEN_FILE\`,
\`SIGNET_HTTPS_CERTIFICATE_FILE\` and \`SIGNET_HTTPS_KEY_FILE\` are read again within a second of a change, without a restart; a content that is not valid
changes nothing.

\`standalone\` is what \`npm start\` runs: all of Signet in one process. The other programs are its parts, each a process of its own. In **bold**: a
program that does not start without the setting.

| setting | default | meaning | read by |
|---|---|---|---|
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
