import { type ChildProcess, execFile } from "node:child_process";
import { expect, onTestFinished, test } from "vitest";

interface Ran {
  readonly printed: readonly string[];
  readonly signal: string | undefined;
}

/** What a program that logs prints, and how it ends. `onPrinted` is given its process once it has printed something. */
function run(program: string, onPrinted: (running: ChildProcess) => void = () => {}): Promise<Ran> {
  const logger = JSON.stringify(import.meta.resolve("./logger.ts"));
  const source = `import { createLogger } from ${logger}; const logger = createLogger("info"); ${program}`;
  return new Promise((resolve) => {
    const running = execFile(process.execPath, ["--input-type=module", "--eval", source], (error, stdout) => {
      const printed = stdout.split("\n").flatMap((line) => (line === "" ? [] : [String(JSON.parse(line).msg)]));
      resolve({ printed, signal: error?.signal ?? undefined });
    });
    running.stdout?.once("data", () => onPrinted(running));
    onTestFinished(() => void running.kill("SIGKILL"));
  });
}

test("a warning is on standard output before its call returns, after what came before it", async () => {
  const program = `logger.info("first"); logger.warn("second"); process.kill(process.pid, "SIGKILL");`;
  expect(await run(program)).toEqual({ printed: ["first", "second"], signal: "SIGKILL" });
});

test.each([
  ["that has nothing left to do", `logger.info("last");`],
  ["that exits", `logger.info("last"); process.exit(0);`],
  ["that fails", `logger.info("last"); throw new Error("no");`],
])("a process %s leaves no line unwritten", async (_name, program) => {
  expect((await run(program)).printed).toEqual(["last"]);
});

test("other lines are written without a warning or an end", async () => {
  const program = `logger.info("a line"); setInterval(() => {}, 60_000);`;
  const ran = await run(program, (running) => running.kill("SIGKILL"));
  expect(ran).toEqual({ printed: ["a line"], signal: "SIGKILL" });
});
