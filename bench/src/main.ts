import { writeFile } from "node:fs/promises";
import { parseGrowthOptions } from "./growth/growth-options.ts";
import { growthReport } from "./growth/growth-report.ts";
import { runGrowth } from "./growth/run-growth.ts";
import { runHop } from "./hop/run-hop.ts";
import { parseOptions, usage } from "./options.ts";
import { outputOfServers } from "./processes/server-process.ts";
import { report } from "./report/report.ts";
import { isAllWell } from "./report/summary.ts";
import { run } from "./run.ts";
import { runServices } from "./services/run-services.ts";

const resources = new AsyncDisposableStack();
let isInterrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    isInterrupted = true;
    void resources.disposeAsync().finally(() => process.exit(130));
  });
}

try {
  const tell = (step: string) => console.error(`… ${step}`);
  if (process.argv[2] === "hop") {
    console.log(await runHop(process.argv.slice(3), tell));
    process.exit(0);
  }
  if (process.argv[2] === "services") {
    console.log(await runServices(read(parseOptions, process.argv.slice(3)), resources, tell));
    await resources.disposeAsync();
    process.exit(0);
  }
  if (process.argv[2] === "growth") {
    const findings = await runGrowth(read(parseGrowthOptions, process.argv.slice(3)), resources, tell);
    await resources.disposeAsync();
    console.log(growthReport(findings));
    process.exit(0);
  }
  const options = read(parseOptions, process.argv.slice(2));
  const findings = await run(options, resources, tell);
  await resources.disposeAsync();
  console.log(report(findings));
  if (options.jsonFile !== undefined) await writeFile(options.jsonFile, `${JSON.stringify(findings, null, 2)}\n`);
  if (options.check && !isAllWell(findings)) process.exitCode = 1;
} catch (error) {
  // An interruption ends the servers, and with them whatever waits for one.
  if (!isInterrupted) {
    console.error(error, `\nThe servers printed:\n${outputOfServers()}`);
    await resources.disposeAsync();
    process.exitCode = 2;
  }
}

function read<Options>(parse: (args: readonly string[]) => Options, args: readonly string[]): Options {
  if (process.argv.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parse(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}
