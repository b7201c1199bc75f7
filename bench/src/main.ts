import { writeFile } from "node:fs/promises";
import { oneProcessChart, oneProcessSection } from "./document/one-process-section.ts";
import { writePerformance, writeReport } from "./document/write-performance.ts";
import { parseOptions, usage } from "./options.ts";
import { outputOfServers } from "./processes/server-process.ts";
import { report } from "./report/report.ts";
import { isAllWell } from "./report/summary.ts";
import { run } from "./run.ts";

const resources = new AsyncDisposableStack();
let isInterrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    isInterrupted = true;
    void resources.disposeAsync().finally(() => process.exit(130));
  });
}

const tell = (step: string) => console.error(`… ${step}`);

/**
 * What `npm run bench -- NAME …` does; each answers the exit code. They load their modules only when they run: the comparison with the peer also goes beside an
 * older Signet, which lacks what others need.
 */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  async hop(args) {
    const { runHop } = await import("./hop/run-hop.ts");
    console.log(await runHop(args, tell));
    return 0;
  },
  async services(args) {
    const { runServices } = await import("./services/run-services.ts");
    const { servicesReport } = await import("./services/services-report.ts");
    const { servicesChart, servicesSection } = await import("./document/services-section.ts");
    const options = read(parseOptions, args);
    const findings = await runServices(options, resources, tell);
    await resources.disposeAsync();
    console.log(servicesReport(findings));
    if (options.jsonFile !== undefined) await writeJson(options.jsonFile, findings);
    if (options.writes) await writePerformance("services", servicesSection(findings), servicesChart(findings));
    return 0;
  },
  async guard(args) {
    const { runGuard } = await import("./guard/run-guard.ts");
    const { text, isWell } = await runGuard(args, resources, tell);
    await resources.disposeAsync();
    console.log(text);
    return isWell ? 0 : 1;
  },
  async growth(args) {
    const { parseGrowthOptions } = await import("./growth/growth-options.ts");
    const { runGrowth } = await import("./growth/run-growth.ts");
    const { growthReport } = await import("./growth/growth-report.ts");
    const options = read(parseGrowthOptions, args);
    return await tellReport("growth", growthReport(await runGrowth(options, resources, tell)), options);
  },
  async floor(args) {
    const { runFloor } = await import("./floor/run-floor.ts");
    const options = read(parseOptions, args);
    return await tellReport("floor", await runFloor(options, resources, tell), options);
  },
  async overload(args) {
    const { parseOverloadOptions } = await import("./overload/overload-options.ts");
    const { runOverload } = await import("./overload/run-overload.ts");
    const { overloadReport } = await import("./overload/overload-report.ts");
    const options = read(parseOverloadOptions, args);
    return await tellReport("overload", overloadReport(await runOverload(options, resources, tell)), options);
  },
};

async function tellReport(
  name: "growth" | "overload" | "floor",
  text: string,
  { writes }: { readonly writes: boolean },
): Promise<number> {
  await resources.disposeAsync();
  console.log(text);
  if (writes) await writeReport(name, text);
  return 0;
}

/** Without a name: Signet in one process beside the peer. */
async function compareOneProcess(args: readonly string[]): Promise<number> {
  const options = read(parseOptions, args);
  const findings = await run(options, resources, tell);
  await resources.disposeAsync();
  console.log(report(findings));
  if (options.jsonFile !== undefined) await writeJson(options.jsonFile, findings);
  if (options.writes) await writePerformance("one-process", oneProcessSection(findings), oneProcessChart(findings));
  return options.check && !isAllWell(findings) ? 1 : 0;
}

try {
  if (process.argv.includes("--help")) {
    console.log(usage);
    process.exit(0);
  }
  const [name = "", ...args] = process.argv.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  process.exitCode = command === undefined ? await compareOneProcess(process.argv.slice(2)) : await command(args);
  // Channels to services that have ended would keep this process for a while.
  process.exit();
} catch (error) {
  // An interruption ends the servers, and with them whatever waits for one.
  if (!isInterrupted) {
    console.error(error, `\nThe servers printed:\n${outputOfServers()}`);
    await resources.disposeAsync();
    process.exitCode = 2;
  }
}

function writeJson(file: string, findings: object): Promise<void> {
  return writeFile(file, `${JSON.stringify(findings, null, 2)}\n`);
}

function read<Options>(parse: (args: readonly string[]) => Options, args: readonly string[]): Options {
  try {
    return parse(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}
