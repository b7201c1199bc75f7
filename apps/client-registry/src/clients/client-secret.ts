import { type ClientId, hashSecret, newSecret, type TenantId } from "@signet/protocol";
import type { StoredClient } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";

export interface NewClientSecret {
  readonly secret: string;
  readonly stored: {
    readonly secretHash: NonNullable<StoredClient["secretHash"]>;
    readonly secret: NonNullable<StoredClient["secret"]>;
  };
}

/** 256 random bits, and the form in which the client keeps them: a hash to verify by, and a sealed text to show again. */
export async function newClientSecret(
  tenant: TenantId,
  client: ClientId,
  { sealer, random }: Pick<RegistryDependencies, "sealer" | "random">,
): Promise<NewClientSecret> {
  const secret = newSecret(random);
  return {
    secret,
    stored: { secretHash: hashSecret(secret), secret: await sealer.seal(tenant, secret, sealingContext(client)) },
  };
}

/** The client's secret in the clear; empty for a client without one. */
export async function openClientSecret(client: StoredClient, { sealer }: Pick<RegistryDependencies, "sealer">): Promise<string> {
  return client.secret === undefined ? "" : await sealer.open(client.tenantId, client.secret, sealingContext(client.id));
}

function sealingContext(client: ClientId): string {
  return `client-secret:${client}`;
}
