import type { ClientId, SessionPublicId, Sid } from "../ids.ts";
import { epochSeconds, type Instant, later } from "../instant.ts";
import type { Issuer } from "../tenant/tenant.ts";
import { sidOf } from "./session-id.ts";

/** The event that a logout token tells of, with an empty object for its value. */
const backchannelLogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

/** The section advises two minutes at most: longer, and a token that is lost on the way stays useful to whoever finds it. */
const lifetimeMilliseconds = 2 * 60 * 1000;

/** The claims of a logout token, OpenID Connect Back-Channel Logout section 2.4. It has no `nonce`, so that it passes for no ID token. */
export interface LogoutTokenClaims {
  readonly iss: Issuer;
  readonly sub: string;
  readonly aud: ClientId;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly events: Readonly<Record<typeof backchannelLogoutEvent, Readonly<Record<string, never>>>>;
  readonly sid: Sid;
}

export interface LogoutTokenClaimsInput {
  readonly issuer: Issuer;
  /** The `sub` that the client knows the person by. */
  readonly subject: string;
  readonly clientId: ClientId;
  readonly sessionPublicId: SessionPublicId;
  readonly jti: string;
  readonly now: Instant;
}

/** With both `sub` and `sid`: so every client can tell which of its sessions is meant, also one with `backchannel_logout_session_required`. */
export function logoutTokenClaims(input: LogoutTokenClaimsInput): LogoutTokenClaims {
  return {
    iss: input.issuer,
    sub: input.subject,
    aud: input.clientId,
    iat: epochSeconds(input.now),
    exp: epochSeconds(later(input.now, lifetimeMilliseconds)),
    jti: input.jti,
    events: { [backchannelLogoutEvent]: {} },
    sid: sidOf(input.sessionPublicId, input.clientId),
  };
}
