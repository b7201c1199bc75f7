import { testProgram } from "./program-contract.ts";
import { pythonProgram } from "./toolchains.ts";

await testProgram({ name: "Authlib on Flask", tool: "python3", command: () => pythonProgram("authlib") });
