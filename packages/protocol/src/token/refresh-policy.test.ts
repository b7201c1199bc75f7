import { expect, test } from "vitest";
import type { RefreshTokenPolicy } from "../client/client.ts";
import { exampleClient, exampleTenant } from "../testing/example-parties.ts";
import { issuesRefreshToken } from "./refresh-policy.ts";

interface Row {
  readonly grantType: boolean;
  readonly tenant: RefreshTokenPolicy;
  readonly client?: RefreshTokenPolicy;
  readonly offline: boolean;
  readonly issued: boolean;
}

const table: readonly Row[] = [
  { grantType: true, tenant: "offline_access", offline: true, issued: true },
  { grantType: true, tenant: "offline_access", offline: false, issued: false },
  { grantType: true, tenant: "always", offline: false, issued: true },
  { grantType: true, tenant: "offline_access", client: "always", offline: false, issued: true },
  { grantType: true, tenant: "always", client: "offline_access", offline: false, issued: false },
  { grantType: true, tenant: "always", client: "offline_access", offline: true, issued: true },
  { grantType: false, tenant: "always", client: "always", offline: true, issued: false },
];

test.each(table)(
  "grant type $grantType, tenant's setting $tenant, client's $client, offline_access granted $offline: issued $issued",
  ({ grantType, tenant, client, offline, issued }) => {
    const registered = exampleClient({
      grantTypes: grantType ? ["authorization_code", "refresh_token"] : ["authorization_code"],
      refreshTokens: client,
    });
    const granted = offline ? ["openid", "offline_access"] : ["openid"];
    expect(issuesRefreshToken(exampleTenant({ refreshTokens: tenant }), registered, granted)).toBe(issued);
  },
);
