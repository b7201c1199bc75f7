import type { InteractionId, SecretHash, TenantId } from "@signet/protocol";

/**
 * How the keys of Signet's data are made up. What stands in braces is the hash tag: keys with the same one are in one slot of a Redis Cluster, and
 * only such keys may meet in one step.
 *
 * What is found by a random id of its own, and belongs to nothing else, is spread over 16 tags per tenant: a step concerns one such thing and its
 * tenant's epoch, of which there is one per tag. So one large tenant's load is shared by several nodes, and the deletion of a tenant is 16 small
 * commands. Sessions have one tag per tenant, as a step may concern two of them and their user.
 */
export interface Keys {
  /** Of the tenant's epoch (`tenant-epoch.ts`), for the things of one part of it. */
  epoch(tenant: TenantId, part: Part): string;
  /** Of one thing of that part. */
  thing(tenant: TenantId, part: Part, id: string): string;
  /** Of the tenant's epochs of all parts. */
  epochs(tenant: TenantId): readonly string[];
}

/** A sixteenth of a tenant's things of one kind, or all of them. */
export type Part = string;

export const whole: Part = "";
/** All parts of what is spread. */
export const sixteenths: readonly Part[] = [..."0123456789abcdef"];
const base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** By the first four bits of the hash. */
export function partOfHash(hash: SecretHash): Part {
  return sixteenths[base64url.indexOf(hash.charAt(0)) >> 2] ?? "0";
}

/** By the first of the id's hex digits. */
export function partOfId(id: InteractionId): Part {
  return id.charAt(0);
}

/** The keys of one kind of things in 16 parts; in one where `parts` says so. `prefix` stands before all keys of a deployment. */
export function keysOf(prefix: string, kind: string, parts: readonly Part[] = sixteenths): Keys {
  const epoch = (tenant: TenantId, part: Part) => `${prefix}:${kind}:{${tenant}${part === whole ? "" : `:${part}`}}`;
  return {
    epoch,
    thing: (tenant, part, id) => `${epoch(tenant, part)}:${id}`,
    epochs: (tenant) => parts.map((part) => epoch(tenant, part)),
  };
}

const prefixShape = /^[A-Za-z0-9_.:-]{1,64}$/;

/** @throws Error where `prefix` would mix up keys: a brace in it would make it the hash tag of all of them */
export function checkedPrefix(prefix: string): string {
  if (!prefixShape.test(prefix)) throw new Error("a prefix of keys must be 1 to 64 letters, digits, and any of _ . : -");
  return prefix;
}
