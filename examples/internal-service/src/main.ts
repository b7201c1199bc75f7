/**
 * An internal service that uses the registry of clients with a credential of its own. It knows nothing of Signet but the package
 * `@signet/registry-sdk`; docs/registry-grpc.md says what it may do.
 */
import { openRegistry, type Registry, type RegistryEvent, ResourceError } from "@signet/registry-sdk";

const usage = `usage: node examples/internal-service/src/main.ts <command>
  list <tenant>                             the tenant's clients
  create <tenant> <name> <redirect uri…>    a new client, with its secret
  watch [position]                          what changes, until Ctrl-C; from a position that was printed before

SIGNET_REGISTRY_URL is the registry's address, grpc://127.0.0.1:4011 unless set; SIGNET_SERVICE_TOKEN is this service's own token.
`;

async function list(registry: Registry, tenant: string): Promise<void> {
  for await (const { client } of registry.clients.list(tenant)) {
    print(client.clientId, client.createdAt.toISOString(), client.metadata.clientName, ...client.metadata.redirectUris);
  }
}

async function create(registry: Registry, tenant: string, clientName: string, redirectUris: string[]): Promise<void> {
  const { client, secret } = await registry.clients.create(tenant, { clientName, redirectUris });
  print("client_id", client.clientId);
  if (secret !== undefined) print("client_secret", secret);
}

async function watch(registry: Registry, from: string | undefined): Promise<void> {
  const leaving = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => leaving.abort());
  const { signal } = leaving;
  for await (const event of registry.watch(from === undefined ? { signal } : { signal, from })) {
    print(told(event), "position", event.position);
  }
}

function told(event: RegistryEvent): string {
  switch (event.kind) {
    case "ready":
      return event.resumed ? "ready, nothing was missed" : "ready, what was read before may be old";
    case "interrupted":
      return "interrupted";
    case "tenant":
      return `tenant ${event.name} ${event.deleted ? "deleted" : "changed"}`;
    case "client":
      return `client ${event.clientId} ${event.deleted ? "deleted" : "changed"}`;
  }
}

function print(...columns: readonly string[]): void {
  process.stdout.write(`${columns.join("\t")}\n`);
}

/** The command that was asked for; undefined where it is none. */
function commandOf([name, ...rest]: readonly string[]): ((registry: Registry) => Promise<void>) | undefined {
  const [first, second, ...others] = rest;
  if (name === "list" && first !== undefined && second === undefined) return (registry) => list(registry, first);
  if (name === "create" && first !== undefined && second !== undefined)
    return (registry) => create(registry, first, second, others);
  if (name === "watch" && second === undefined) return (registry) => watch(registry, first);
  return undefined;
}

/** One readable line. */
function explanation(error: unknown): string {
  if (error instanceof ResourceError) return `${error.kind}: ${error.description}`;
  return error instanceof Error ? error.message : String(error);
}

const command = commandOf(process.argv.slice(2));
const { SIGNET_REGISTRY_URL: url = "grpc://127.0.0.1:4011", SIGNET_SERVICE_TOKEN: token = "" } = process.env;
if (command === undefined || token === "") {
  process.stderr.write(token === "" ? `SIGNET_SERVICE_TOKEN is not set\n\n${usage}` : usage);
  process.exit(2);
}
let registry: Registry | undefined;
try {
  registry = openRegistry({ url, token });
  await command(registry);
} catch (error) {
  process.stderr.write(`internal-service: ${explanation(error)}\n`);
  process.exitCode = 1;
} finally {
  registry?.close();
}
