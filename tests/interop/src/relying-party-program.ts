import { freePort, type Home, type Program, type RegisteredClient, registerClient, startProgram } from "@signet/testkit";
import type { Command } from "./toolchains.ts";

/** A program that is a relying party of Signet, in a process of its own. */
export interface RelyingPartyProgram {
  /** Without a slash at its end. */
  readonly url: string;
  readonly client: RegisteredClient;
  readonly program: Program;
}

/** Registers a client for a program and starts it with it, and nothing more than a developer is given. Resolves once it listens. */
export async function startRelyingParty(
  home: Home,
  { executable, parameters }: Command,
  metadata: Readonly<Record<string, unknown>>,
): Promise<RelyingPartyProgram> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const registered = {
    client_name: "Interop",
    grant_types: ["authorization_code", "refresh_token"],
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/signed-out`],
    ...metadata,
  };
  const client = await registerClient(home, registered, home.name);
  const environment = {
    ISSUER: home.issuer ?? home.url,
    CLIENT_ID: client.client_id,
    CLIENT_SECRET: client.client_secret,
    PORT: String(port),
  };
  const program = startProgram(parameters, environment, executable);
  await program.printed("ready");
  return { url, client, program };
}
