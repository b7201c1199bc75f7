import { createClientKeys } from "@signet/client-keys";
import type { token } from "@signet/contracts";
import { parseGrantId } from "@signet/protocol";
import { requireTenant } from "@signet/registry-client";
import { exchange } from "./grants/exchange.ts";
import { grantExpiry } from "./grants/grant-expiry.ts";
import { introspect } from "./introspection/introspect.ts";
import { listSigningKeys, revokeSigningKeys, rotateSigningKeys } from "./keys/administer-keys.ts";
import { rewrapDataKeys } from "./keys/rewrap-data-keys.ts";
import { createClientAttempts } from "./limits/client-attempts.ts";
import { createClientRequests } from "./limits/client-requests.ts";
import { endSession } from "./logout/end-session.ts";
import { readHint } from "./logout/read-id-token-hint.ts";
import { signLogoutToken } from "./logout/sign-logout-token.ts";
import { revoke } from "./revocation/revoke.ts";
import type { ClientLimits, TokenDependencies } from "./token-dependencies.ts";
import { createIssue } from "./tokens/issue.ts";
import { VerifiedTokens } from "./tokens/verified-tokens.ts";
import { userInfo } from "./userinfo/userinfo.ts";

const unlimited: ClientLimits = { failures: { perClient: undefined, perAddress: undefined }, requests: undefined };

/** Tokens and keys. Every call names its tenant, and finds nothing of another's. */
export function createTokenService(dependencies: TokenDependencies): token.TokenServiceImplementation {
  const {
    stores,
    directory,
    subjects,
    auth,
    sealer,
    clock,
    random,
    outbound,
    publicUrl,
    refreshGraceMilliseconds = 10_000,
    clientLimits = unlimited,
    signingKeys: { rings: keys, rotation, jwksMaxAgeSeconds },
  } = dependencies;
  const { grants, accessTokens, replays, rateLimits } = stores;
  const issue = createIssue({ keys, accessTokens, subjects, random, publicUrl });
  const clientAttempts = createClientAttempts({ limits: clientLimits.failures, rateLimits, clock });
  const clientRequests = createClientRequests({ limit: clientLimits.requests, rateLimits, clock });
  const authenticating = {
    clientKeys: createClientKeys({ outbound }),
    clock,
    directory,
    publicUrl,
    replays,
    clientAttempts,
    clientRequests,
  };
  const exchanging = { ...authenticating, auth, grants, issue, random, refreshGraceMilliseconds };
  const verifiedTokens = new VerifiedTokens();
  const inquiring = { ...authenticating, accessTokens, auth, grants, keys, subjects, verifiedTokens };

  return {
    async exchange(request, context) {
      return exchange(request, await requireTenant(request.tenant, directory), context, exchanging);
    },
    async userInfo({ tenant, accessToken, certificate }, context) {
      const request = { tenant: await requireTenant(tenant, directory), accessToken, certificate, now: clock(), context };
      return userInfo(request, inquiring);
    },
    async introspect(request, context) {
      return introspect(request, await requireTenant(request.tenant, directory), context, inquiring);
    },
    async revoke(request) {
      return revoke(request, await requireTenant(request.tenant, directory), inquiring);
    },
    async jwks({ tenant }) {
      const { id } = await requireTenant(tenant, directory);
      return { jwks: await keys.jwks(id), maxAgeSeconds: jwksMaxAgeSeconds };
    },
    async listSigningKeys({ tenant }) {
      return listSigningKeys((await requireTenant(tenant, directory)).id, rotation);
    },
    async rotateSigningKeys(request) {
      return rotateSigningKeys((await requireTenant(request.tenant, directory)).id, request, rotation);
    },
    async revokeSigningKeys(request) {
      return revokeSigningKeys((await requireTenant(request.tenant, directory)).id, request, rotation);
    },
    async revokeGrant({ tenant, grantId }) {
      const { id, settings } = await requireTenant(tenant, directory);
      const grant = parseGrantId(grantId);
      if (grant !== undefined) await grants.revoke(id, grant, grantExpiry(settings, "refreshable", clock()));
      return {};
    },
    async endSession(request) {
      return endSession(await requireTenant(request.tenant, directory), request, { grants, clock });
    },
    async readIdTokenHint({ tenant, idToken }) {
      return { hint: await readHint(await requireTenant(tenant, directory), idToken, { keys, publicUrl }) };
    },
    async signLogoutToken(request) {
      const tenant = await requireTenant(request.tenant, directory);
      return { logoutToken: await signLogoutToken(tenant, request, { directory, subjects, keys, clock, random, publicUrl }) };
    },
    rewrapDataKeys: (request) => rewrapDataKeys(request, { sealer }),
  };
}
