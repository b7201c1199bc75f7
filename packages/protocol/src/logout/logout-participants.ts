import type { ClientMetadata } from "../client/client.ts";

/** Whether the client wants to hear of a sign-out: OpenID Connect Back-Channel Logout section 2.2, Front-Channel Logout section 2. */
export function hearsOfSignOut(metadata: Pick<ClientMetadata, "backchannelLogoutUri" | "frontchannelLogoutUri">): boolean {
  return metadata.backchannelLogoutUri !== undefined || metadata.frontchannelLogoutUri !== undefined;
}
