import { testProgram } from "./program-contract.ts";
import { goProgram } from "./toolchains.ts";

await testProgram({ name: "coreos/go-oidc with golang.org/x/oauth2", tool: "go", command: () => goProgram("go-oidc") });
