import type { registry } from "@signet/contracts";
import { answered, type CallOptions, unlessEmpty } from "./calls.ts";
import { type ClientMetadata, clientOf, expiryMessage, membersOf, metadataMessage, type RegisteredClient } from "./client.ts";
import { itemsOf } from "./pages.ts";

/** A client, and its secret where that was asked for and there is one. */
export interface ListedClient {
  readonly client: RegisteredClient;
  readonly secret?: string | undefined;
}

/** A new client; without a secret where its `tokenEndpointAuthMethod` is `none`. */
export type CreatedClient = ListedClient;

export interface RotatedSecret {
  readonly client: RegisteredClient;
  readonly secret: string;
}

export interface ListClientsOptions extends CallOptions {
  /** How many are asked for at a time: 50 unless given, 200 at most. */
  readonly pageSize?: number;
  /** With their secrets in the clear; only with the right to write. */
  readonly revealSecrets?: boolean;
}

/**
 * The clients of tenants. Each call has a deadline, and fails with a `ResourceError`: `unauthenticated` and `forbidden` as the token says, `not_found`,
 * `invalid` with a description of what to change, `unavailable` where the registry cannot be reached in time. Anything else thrown is a fault.
 */
export interface Clients {
  /** All clients of the tenant, by id. Pages are asked for as they are needed. */
  list(tenant: string, options?: ListClientsOptions): AsyncIterable<ListedClient>;
  get(tenant: string, clientId: string, options?: CallOptions & { readonly revealSecret?: boolean }): Promise<ListedClient>;
  /** What is left out has its default. The secret is told here, and to whoever has the right to write. */
  create(
    tenant: string,
    metadata: Partial<ClientMetadata>,
    options?: CallOptions & { readonly secretExpiresAt?: Date },
  ): Promise<CreatedClient>;
  /** Replaces the members that are named; one that is named as `undefined` gets its default. A secret is in the reply only where the change made one. */
  update(tenant: string, clientId: string, metadata: Partial<ClientMetadata>, options?: CallOptions): Promise<ListedClient>;
  /** A new secret. The old one is refused within a second. */
  rotateSecret(
    tenant: string,
    clientId: string,
    options?: CallOptions & { readonly secretExpiresAt?: Date },
  ): Promise<RotatedSecret>;
  /** The client is refused within a second, and so are the tokens that it holds. */
  delete(tenant: string, clientId: string, options?: CallOptions): Promise<void>;
}

export function clientsOf(service: registry.ClientRegistryServiceClient, defaults: CallOptions): Clients {
  return {
    list(tenant, { pageSize = 0, revealSecrets = false, ...options } = {}) {
      return itemsOf(async (cursor) => {
        const page = { limit: pageSize, cursor };
        const { clients, nextCursor } = await answered(
          service.listClients({ tenant, page, revealSecrets }, { ...defaults, ...options }),
        );
        return { items: clients.map(listed), nextCursor };
      });
    },
    async get(tenant, clientId, { revealSecret = false, ...options } = {}) {
      return listed(await answered(service.getClient({ tenant, clientId, revealSecret }, { ...defaults, ...options })));
    },
    async create(tenant, metadata, { secretExpiresAt, ...options } = {}) {
      const request = { tenant, metadata: metadataMessage(metadata), clientSecretExpiresAt: expiryMessage(secretExpiresAt) };
      return listed(await answered(service.createClient(request, { ...defaults, ...options })));
    },
    async update(tenant, clientId, metadata, options) {
      const request = { tenant, clientId, metadata: metadataMessage(metadata), members: membersOf(metadata) };
      return listed(await answered(service.updateClient(request, { ...defaults, ...options })));
    },
    async rotateSecret(tenant, clientId, { secretExpiresAt, ...options } = {}) {
      const expiry = secretExpiresAt === undefined ? {} : { clientSecretExpiresAt: expiryMessage(secretExpiresAt) };
      const reply = await answered(
        service.updateClient({ tenant, clientId, rotateSecret: true, ...expiry }, { ...defaults, ...options }),
      );
      return { client: clientOf(reply.client), secret: reply.clientSecret };
    },
    async delete(tenant, clientId, options) {
      await answered(service.deleteClient({ tenant, clientId }, { ...defaults, ...options }));
    },
  };
}

function listed({ client, clientSecret }: registry.GetClientResponse): ListedClient {
  return { client: clientOf(client), secret: unlessEmpty(clientSecret) };
}
