import type { registry } from "@signet/contracts";
import type { MethodCallers } from "@signet/process";
import { roleOf } from "@signet/rpc";
import type { CallContext } from "nice-grpc-common";
import type { SecretView } from "./clients/secret-view.ts";

const services = ["auth", "token"];
const readers = ["gateway", ...services, "read", "write"];
const writers = ["gateway", "write"];

/** Who may call each method. */
export const methodCallers: MethodCallers<typeof registry.ClientRegistryServiceDefinition> = {
  getTenant: readers,
  listTenants: readers,
  createTenant: writers,
  updateTenant: writers,
  deleteTenant: writers,
  rewrapDataKeys: ["gateway"],
  getRegistrationToken: ["gateway"],
  rotateRegistrationToken: ["gateway"],
  getSubjectSecret: services,
  authenticateToken: ["gateway"],
  recordRefusals: ["gateway"],
  getRefusal: ["gateway"],
  getClient: readers,
  listClients: readers,
  createClient: writers,
  updateClient: writers,
  deleteClient: writers,
  registerClient: ["gateway"],
  getRegistration: ["gateway"],
  replaceRegistration: ["gateway"],
  deleteRegistration: ["gateway"],
  createInitialAccessToken: ["gateway"],
  listInitialAccessTokens: ["gateway"],
  deleteInitialAccessToken: ["gateway"],
  watch: readers,
};

/** The gateway shows secrets to administrators; the token service verifies clients by their hashes. */
const secretViews: ReadonlyMap<string | undefined, SecretView> = new Map([
  ["gateway", { secrets: true, hashes: false }],
  ["write", { secrets: true, hashes: false }],
  ["token", { secrets: false, hashes: true }],
]);
const noView: SecretView = { secrets: false, hashes: false };

/** What the caller of this context may see; nothing where it is not known who that is. */
export function secretViewOf(context: CallContext): SecretView {
  return secretViews.get(roleOf(context)) ?? noView;
}
