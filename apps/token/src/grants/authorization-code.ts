import { hashSecret, issuesRefreshToken, later, newRefreshToken, OAuthError, parseCodeExchange } from "@signet/protocol";
import { onBehalfOf } from "@signet/rpc";
import type { Grant } from "./grant.ts";
import { grantExpiry } from "./grant-expiry.ts";
import { grantedAuthorization, grantOfReplayedCode } from "./granted-authorization.ts";

/** Redeems a code: auth elects the winner first and checks what it was bound to afterwards. A replay revokes the grant (RFC 6749 section 4.1.2). */
export const authorizationCode: Grant = {
  type: "authorization_code",
  async exchange({ tenant, client, parameters, confirmation, now, context }, { auth, grants, issue, random }) {
    const { code, redirectUri, codeVerifier = "" } = parseCodeExchange(parameters);
    const { outcome } = await auth.redeemCode(
      { tenant: tenant.name, clientId: client.id, code, redirectUri, codeVerifier },
      onBehalfOf(context),
    );
    if (outcome?.$case !== "redeemed") {
      if (outcome !== undefined) {
        const until = grantExpiry(tenant.settings, "refreshable", now);
        await grants.revoke(tenant.id, grantOfReplayedCode(outcome.value), until);
      }
      throw codeRefused("used before");
    }

    const { requestedScopes, nonce, profile, ...grant } = grantedAuthorization(outcome.value);
    const refreshToken = issuesRefreshToken(tenant, client, grant.scopes) ? newRefreshToken(grant.id, random) : undefined;
    const opening = grants.open({
      ...grant,
      tenantId: tenant.id,
      clientId: client.id,
      createdAt: now,
      expiresAt: grantExpiry(tenant.settings, refreshToken === undefined ? "once" : "refreshable", now),
      ...(refreshToken !== undefined && {
        refresh: {
          family: refreshToken.familyHash,
          current: hashSecret(refreshToken.token),
          expiresAt: later(now, tenant.settings.refreshTimeout),
        },
      }),
    });
    // The tokens are signed while the grant is written. They are worth nothing, and are not handed out, where it was revoked before.
    const issuing = issue({
      tenant,
      client,
      scopes: grant.scopes,
      requestedScopes,
      grant,
      nonce,
      profile,
      confirmation,
      refreshToken: refreshToken?.token,
      now,
    });
    const [opened, tokens] = await Promise.all([opening, issuing]);
    if (opened === "revoked") throw codeRefused("its grant was revoked");
    return tokens;
  },
};

function codeRefused(cause: string): OAuthError {
  return new OAuthError("invalid_grant", "the code is invalid, expired or was used before", { cause });
}
