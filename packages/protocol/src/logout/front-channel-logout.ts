import type { Sid } from "../ids.ts";
import type { Issuer } from "../tenant/tenant.ts";

/**
 * The address that signs the browser out of an application, with `iss` and `sid` behind what was registered (OpenID Connect Front-Channel Logout section 2).
 * Both are always there, so every client can tell which of its sessions is meant, also one with `frontchannel_logout_session_required`.
 */
export function frontChannelLogoutAddress(registered: string, issuer: Issuer, sid: Sid): string {
  const separator = registered.includes("?") ? "&" : "?";
  return `${registered}${separator}iss=${encodeURIComponent(issuer)}&sid=${sid}`;
}
