/**
 * Writes an app as one file, with nothing beside it but its native dependencies and the licences of what went into it:
 * `node tools/bundle.ts APP FOLDER`. The result runs with `node FOLDER/main.mjs`, wherever the folder is put.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { z } from "zod";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Packages that load a binary of their own, which no bundle can hold: they are copied instead, with the binary for this machine. */
const nativePackages: readonly string[] = ["@node-rs/argon2"];

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string().optional(),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

type Manifest = z.infer<typeof manifestSchema>;

interface Package extends Manifest {
  readonly folder: string;
}

function packageIn(folder: string): Package {
  return { folder, ...manifestSchema.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))) };
}

/** The installed package that a bundled module belongs to; undefined for Signet's own. */
function packageOf(module: string): Package | undefined {
  const [, folder] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(module) ?? [];
  return folder === undefined ? undefined : packageIn(folder);
}

/** The native package and the one that holds its binary for this machine, as `from` finds them. */
function nativePackage(name: string, from: string): readonly Package[] {
  const entry = packageIn(realpathSync(join(from, "node_modules", name)));
  const beside = join(entry.folder, ...name.split("/").map(() => ".."));
  const binaries = Object.keys(entry.optionalDependencies).map((binary) => join(beside, binary));
  return [entry, ...binaries.filter((folder) => existsSync(folder)).map((folder) => packageIn(realpathSync(folder)))];
}

function licenceOf({ name, version, license, folder }: Package): string {
  const texts = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file))
    .map((file) => readFileSync(join(folder, file), "utf8").trim());
  return [`${name} ${version}`, `Licence: ${license ?? "as follows"}`, ...texts].join("\n\n");
}

async function bundle(app: string, outputFolder: string): Promise<void> {
  const appFolder = join(root, "apps", app);
  const unresolved: string[] = [];
  const build = await rolldown({
    input: join(appFolder, "src", "main.ts"),
    platform: "node",
    tsconfig: join(root, "tsconfig.json"),
    external: [...nativePackages],
    // The package depd, which koa brings along, makes functions from text of its own.
    checks: { eval: false },
    onLog(level, log, report) {
      // A module that is missing would be found missing in production only.
      if (log.code === "UNRESOLVED_IMPORT") unresolved.push(log.message);
      else report(level, log);
    },
  });
  const { output } = await build.write({
    file: join(outputFolder, "main.mjs"),
    format: "esm",
    codeSplitting: false,
    comments: { legal: true, annotation: false, jsdoc: false },
    // With one character beyond Latin-1 V8 keeps two bytes for each of the whole text: 4 MB of memory. Names and lines stay, for the log's sake.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } },
  });
  await build.close();
  if (unresolved.length > 0) throw new Error(unresolved.join("\n"));

  const chunks = output.filter((file) => file.type === "chunk");
  const imported = new Set(chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]));
  const natives = nativePackages
    .filter((name) => imported.has(name))
    .flatMap((name) => nativePackage(name, join(root, "apps/auth")));
  for (const { name, folder } of natives) {
    cpSync(folder, join(outputFolder, "node_modules", name), { recursive: true });
  }
  const bundled = chunks.flatMap(({ moduleIds }) => moduleIds.map(packageOf)).filter((found) => found !== undefined);
  const packages = new Map([...bundled, ...natives].map((found) => [`${found.name} ${found.version}`, found]));
  const licences = [...packages].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, found]) => licenceOf(found));
  writeFileSync(join(outputFolder, "LICENCES.txt"), `${licences.join(`\n\n${"-".repeat(80)}\n\n`)}\n`);
  for (const chunk of chunks) {
    process.stdout.write(`${app}: ${Math.ceil(chunk.code.length / 1024)} KiB from ${packages.size} packages\n`);
  }
}

const [app, outputFolder] = process.argv.slice(2);
if (app === undefined || outputFolder === undefined || !existsSync(join(root, "apps", app, "src", "main.ts"))) {
  process.stderr.write("usage: node tools/bundle.ts APP FOLDER, where apps/APP/src/main.ts exists\n");
  process.exit(2);
}
rmSync(outputFolder, { recursive: true, force: true });
mkdirSync(dirname(outputFolder), { recursive: true });
await bundle(app, outputFolder);
