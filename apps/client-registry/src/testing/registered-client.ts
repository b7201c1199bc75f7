import { openRegistry } from "./open-registry.ts";

/** A registry with the tenant `acme`. */
export async function openTenant() {
  const registry = openRegistry();
  await registry.client.createTenant({ name: "acme" });
  return registry;
}

type Opened = Awaited<ReturnType<typeof openTenant>>;
export type Metadata = NonNullable<Parameters<Opened["client"]["createClient"]>[0]["metadata"]>;

/** A client and the calls on it. */
export async function registered(metadata: Metadata, clientSecretExpiresAt = 0) {
  const opened = await openTenant();
  const { client } = opened;
  const created = await client.createClient({ tenant: "acme", metadata, clientSecretExpiresAt });
  if (created.client === undefined) throw new Error("the reply has the client");
  const id = { tenant: "acme", clientId: created.client.clientId };
  return {
    ...opened,
    id,
    created: created.client,
    secret: created.clientSecret,
    update: (changed: Metadata, members: string[], more: { rotateSecret?: boolean; clientSecretExpiresAt?: number } = {}) =>
      client.updateClient({ ...id, metadata: changed, members, ...more }),
    get: () => client.getClient({ ...id, revealSecret: true }),
  };
}
