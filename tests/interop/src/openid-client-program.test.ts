import { testProgram } from "./program-contract.ts";
import { nodeProgram } from "./toolchains.ts";

await testProgram({
  name: "openid-client",
  command: async () => nodeProgram("openid-client"),
  // What the library does unless it is told otherwise.
  metadata: { token_endpoint_auth_method: "client_secret_post" },
});
