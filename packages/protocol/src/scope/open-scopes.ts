import type { Client } from "../client/client.ts";
import { standardScopes } from "./scope.ts";

/** The scopes that the client may ask for: its registered `scope`, or else every standard one; and its custom scopes. */
export function openScopes({ metadata }: Client): ReadonlySet<string> {
  const { scope, customScopes, grantTypes } = metadata;
  const open = new Set<string>([...(scope ?? standardScopes), ...customScopes.map(({ name }) => name)]);
  // It could not use the refresh token (OpenID Connect Core section 11).
  if (!grantTypes.includes("refresh_token")) open.delete("offline_access");
  return open;
}
