import type { Instant, RotatingKey, SigningAlgorithm, TenantId } from "@signet/protocol";
import type { PageOf, PageRequest } from "./page.ts";
import type { Sealed } from "./sealed.ts";

/** The `id` is the `kid`: the JWK thumbprint (RFC 7638). */
export interface StoredSigningKey extends RotatingKey {
  /** PKCS #8 in PEM, sealed. */
  readonly privateKey: Sealed;
  /** A public JWK as JSON. */
  readonly publicJwk: string;
}

/** All keys of one tenant and algorithm: what is changed in one step. */
export interface StoredKeyRing {
  readonly tenantId: TenantId;
  readonly algorithm: SigningAlgorithm;
  /** One at least, in the order in which they sign. */
  readonly keys: readonly StoredSigningKey[];
  /** 1 at first, one more with each replacement. */
  readonly version: number;
  /** By the clock of whoever changed it last. */
  readonly changedAt: Instant;
}

/** What it takes to know whether a ring is still as it was read. */
export type KeyRingChange = Omit<StoredKeyRing, "keys">;

export interface SigningKeyStore {
  /** The tenant's ring for the candidate's algorithm: the candidate where there was none before. All concurrent calls get the same one. */
  establish(candidate: StoredKeyRing): Promise<StoredKeyRing>;
  /** The tenant's rings, by algorithm. */
  list(tenant: TenantId): Promise<readonly StoredKeyRing[]>;
  /**
   * Puts `ring` in place of the stored one of the version before it, in one step; whether that was the stored version. Of any number of concurrent calls
   * for one version exactly one does, and what was deleted does not come back.
   */
  replace(ring: StoredKeyRing): Promise<boolean>;
  /** Every tenant's rings, by `keyRingKey`. */
  listAll(page: PageRequest): Promise<PageOf<StoredKeyRing>>;
  /** Up to `limit` rings that changed after `since`, those that changed first before the others. One that an earlier version stored, and that has not changed, may be missing. */
  listChanged(since: Instant, limit: number): Promise<readonly KeyRingChange[]>;
  deleteTenant(tenant: TenantId): Promise<void>;
}

/** What all rings are in the order of. Neither ids nor algorithms have a colon in them. */
export function keyRingKey({ tenantId, algorithm }: Pick<StoredKeyRing, "tenantId" | "algorithm">): string {
  return `${tenantId}:${algorithm}`;
}
