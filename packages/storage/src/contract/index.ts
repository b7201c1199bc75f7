import { describe } from "vitest";
import type { Stores } from "../stores.ts";
import { accessTokenStoreContract } from "./access-token-store-contract.ts";
import { administrationStoreContract } from "./administration-store-contract.ts";
import { authorizationCodeStoreContract } from "./authorization-code-store-contract.ts";
import { changeFeedContract } from "./change-feed-contract.ts";
import { clientStoreContract } from "./client-store-contract.ts";
import { consentStoreContract } from "./consent-store-contract.ts";
import { dataKeyStoreContract } from "./data-key-store-contract.ts";
import { grantStoreContract } from "./grant-store-contract.ts";
import { initialAccessTokenStoreContract } from "./initial-access-token-store-contract.ts";
import { interactionStoreContract } from "./interaction-store-contract.ts";
import { rateLimitStoreContract } from "./rate-limit-store-contract.ts";
import { refusalStoreContract } from "./refusal-store-contract.ts";
import { replayStoreContract } from "./replay-store-contract.ts";
import { sessionStoreContract } from "./session-store-contract.ts";
import { signOutTaskStoreContract } from "./sign-out-task-store-contract.ts";
import { signingKeyStoreContract } from "./signing-key-store-contract.ts";
import { subjectSecretStoreContract } from "./subject-secret-store-contract.ts";
import { tenantStoreContract } from "./tenant-store-contract.ts";
import { userStoreContract } from "./user-store-contract.ts";

/**
 * The contract of each port. Its tests call `open` once each, and expect an empty store; one that is about several ports calls `openAll` instead, and
 * gets all that the adapter has.
 */
type StoreContracts = {
  readonly [Port in keyof Stores]: (open: () => Promise<Stores[Port]>, openAll: () => Promise<Partial<Stores>>) => void;
};

const storeContracts: StoreContracts = {
  tenants: tenantStoreContract,
  clients: clientStoreContract,
  initialAccessTokens: initialAccessTokenStoreContract,
  administration: administrationStoreContract,
  registryDataKeys: dataKeyStoreContract,
  subjectSecrets: subjectSecretStoreContract,
  changes: changeFeedContract,
  users: userStoreContract,
  consents: (_open, openAll) => consentStoreContract(async () => withUsers(await openAll())),
  sessions: sessionStoreContract,
  interactions: interactionStoreContract,
  codes: authorizationCodeStoreContract,
  signOutTasks: signOutTaskStoreContract,
  grants: grantStoreContract,
  accessTokens: accessTokenStoreContract,
  replays: replayStoreContract,
  signingKeys: signingKeyStoreContract,
  tokenDataKeys: dataKeyStoreContract,
  rateLimits: rateLimitStoreContract,
  refusals: refusalStoreContract,
};

function withUsers({ users, consents }: Partial<Stores>): Pick<Stores, "users" | "consents"> {
  if (users === undefined || consents === undefined) throw new Error("an adapter has users and their consents, or neither");
  return { users, consents };
}

/** Every port's name. */
export const ports: readonly (keyof Stores)[] = Object.keys(storeContracts).filter(isPort);

function isPort(name: string): name is keyof Stores {
  return Object.hasOwn(storeContracts, name);
}

/**
 * Runs the contracts of the ports that an adapter has: all of them for one that is complete. `open` is called once in each test and gives empty
 * stores; it closes them by `onTestFinished`.
 */
export function testStores<Port extends keyof Stores>(
  ports: readonly Port[],
  open: () => Promise<{ readonly [Name in Port]: Stores[Name] }>,
): void {
  for (const port of ports) testStore(port, open);
}

function testStore<Port extends keyof Stores>(port: Port, open: () => Promise<{ readonly [Name in Port]: Stores[Name] }>): void {
  describe(port, () => {
    storeContracts[port](async () => (await open())[port], open);
  });
}
