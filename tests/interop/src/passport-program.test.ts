import { testProgram } from "./program-contract.ts";
import { nodeProgram } from "./toolchains.ts";

await testProgram({
  name: "passport-openidconnect on Express",
  command: async () => nodeProgram("passport"),
  // The library sends the secret in the body, and knows no other way.
  metadata: { token_endpoint_auth_method: "client_secret_post" },
});
