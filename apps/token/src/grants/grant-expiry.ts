import { type Instant, later, type TenantSettings } from "@signet/protocol";

/** When the last of what a grant issues at `now` has expired: a grant is remembered, and with it that it was revoked, until then. */
export function grantExpiry(settings: TenantSettings, kind: "refreshable" | "once", now: Instant): Instant {
  const { tokenTimeout, idTokenTimeout, refreshTimeout } = settings;
  return later(now, Math.max(tokenTimeout, idTokenTimeout, kind === "refreshable" ? refreshTimeout : 0));
}
