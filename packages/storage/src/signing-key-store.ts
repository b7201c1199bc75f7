import type { Instant, SigningAlgorithm, TenantId } from "@signet/protocol";
import type { Sealed } from "./sealed.ts";

export interface StoredSigningKey {
  /** The `kid`: the JWK thumbprint (RFC 7638). */
  readonly id: string;
  readonly tenantId: TenantId;
  readonly algorithm: SigningAlgorithm;
  /** PKCS #8 in PEM, sealed. */
  readonly privateKey: Sealed;
  /** A public JWK as JSON. */
  readonly publicJwk: string;
  readonly createdAt: Instant;
}

export interface SigningKeyStore {
  /** The tenant's key for the candidate's algorithm: the candidate where there was none before. All concurrent calls get the same one. */
  establish(candidate: StoredSigningKey): Promise<StoredSigningKey>;
  /** All keys of the tenant, by id. */
  list(tenant: TenantId): Promise<readonly StoredSigningKey[]>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
