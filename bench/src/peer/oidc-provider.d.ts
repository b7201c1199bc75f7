// The package brings no types. This is the part of its interface that the bench uses.
declare module "oidc-provider" {
  import type { JWK } from "jose";

  /** What the provider stores: members that an adapter may index by, and whatever else it likes. */
  export interface AdapterPayload {
    readonly grantId?: string;
    readonly uid?: string;
    readonly userCode?: string;
    consumed?: number;
  }

  export interface Adapter {
    upsert(id: string, payload: AdapterPayload, expiresInSeconds?: number): Promise<void>;
    find(id: string): Promise<AdapterPayload | undefined>;
    findByUid(uid: string): Promise<AdapterPayload | undefined>;
    findByUserCode(userCode: string): Promise<AdapterPayload | undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }

  export interface Client {
    readonly clientId: string;
  }

  export interface Configuration {
    readonly adapter?: (model: string) => Adapter;
    readonly clients: readonly Readonly<Record<string, unknown>>[];
    readonly jwks: { readonly keys: readonly JWK[] };
    readonly scopes: readonly string[];
    readonly pkce: { readonly required: () => boolean };
    readonly rotateRefreshToken: boolean;
    readonly ttl: Readonly<Record<string, number>>;
    readonly findAccount: (context: unknown, subject: string) => { accountId: string; claims(): Promise<{ sub: string }> };
    readonly features: Readonly<Record<string, unknown>>;
  }

  export class Provider {
    constructor(issuer: string, configuration: Configuration);
    listen(port: number, host: string): void;
  }
}
