/** Opens the stores of the folder that it is given, says how that went, and holds them until its input ends. */
import { writeSync } from "node:fs";
import { FolderInUseError, openEmbeddedStores } from "../index.ts";

const [folder = ""] = process.argv.slice(2);
try {
  openEmbeddedStores({ folder });
  writeSync(1, "open\n");
  process.stdin.resume();
} catch (error) {
  if (!(error instanceof FolderInUseError)) throw error;
  writeSync(1, `${error.name}: ${error.message}\n`);
}
