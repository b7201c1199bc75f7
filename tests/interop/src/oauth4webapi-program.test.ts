import { testProgram } from "./program-contract.ts";
import { nodeProgram } from "./toolchains.ts";

await testProgram({ name: "oauth4webapi", command: async () => nodeProgram("oauth4webapi") });
