// Whether each row of docs/spec-coverage.md names code and a test that exist; with `--count` how many rows there are, and how many diverge.
import { existsSync, readFileSync } from "node:fs";

const page = "docs/spec-coverage.md";
const levels = new Set(["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "REQUIRED", "RECOMMENDED"]);

/** The cells of a row; a `\|` is no border. */
const cellsOf = (line) =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));

const rows = readFileSync(page, "utf8")
  .split("\n")
  .map((line, index) => ({ line: index + 1, cells: line.startsWith("|") ? cellsOf(line) : [] }))
  .filter(({ cells }) => cells.length > 0 && cells[0] !== "section" && !/^-+$/.test(cells[0]));

const sources = new Map();
const sourceOf = (path) => {
  if (!sources.has(path)) sources.set(path, existsSync(path) ? readFileSync(path, "utf8") : undefined);
  return sources.get(path);
};

/** `path/to/file.test.ts: beginning of a title` */
function testProblem(test) {
  const [, path, title] = /^`([^`:]+)`: (.+)$/.exec(test) ?? [];
  if (path === undefined) return "names no test as `file`: beginning of its title, and is no divergence";
  const source = sourceOf(path);
  if (source === undefined) return `names ${path}, which does not exist`;
  const quoted = ['"', "`", "'"].some((quote) => source.includes(`${quote}${title}`));
  return quoted ? undefined : `names a test that is not in ${path}: ${title}`;
}

function problemsOf({ cells }) {
  if (cells.length !== 5) return [`has ${cells.length} cells and not 5`];
  const [, level, requirement, code, test] = cells;
  const problems = [];
  if (!levels.has(level)) problems.push(`has the level ${level}`);
  if (requirement === "") problems.push("says no requirement");
  const paths = [...code.matchAll(/`([^`]+)`/g)].map(([, path]) => path);
  if (paths.length === 0) problems.push("names no code");
  for (const path of paths) if (!existsSync(path)) problems.push(`names ${path}, which does not exist`);
  const problem = test === "divergence" ? undefined : testProblem(test);
  return problem === undefined ? problems : [...problems, problem];
}

const problems = rows.flatMap((row) => problemsOf(row).map((problem) => `${page}:${row.line} ${problem}`));
for (const problem of problems) console.error(problem);
if (process.argv.includes("--count")) {
  const divergent = rows.filter(({ cells }) => cells[4] === "divergence").length;
  console.log(`${rows.length} rows, ${rows.length - divergent} tested, ${divergent} divergent`);
}
process.exitCode = problems.length === 0 ? 0 : 1;
