import type { auth } from "@signet/contracts";
import {
  type Client,
  clientIdOfLogout,
  decideLogout,
  frontChannelLogoutAddress,
  type IdTokenHint,
  issuerOf,
  type LogoutRequest,
  type LogoutReturn,
  logoutReturn,
  type Parameters,
  parseClientId,
  parseLogoutParameters,
  parseLogoutRequest,
  parseSid,
  redirectTarget,
  sidOf,
  type Tenant,
} from "@signet/protocol";
import { onBehalfOf } from "@signet/rpc";
import type { CallContext } from "nice-grpc-common";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { applicationView } from "../interactions/application-view.ts";
import { findPresentSession, type PresentSession } from "../sessions/present-session.ts";
import { toSignedInUser } from "../users/user-message.ts";
import { endSessionOf, type SessionEndDependencies } from "./end-sessions.ts";

type Dependencies = SessionEndDependencies & Pick<AuthDependencies, "stores" | "publicUrl">;

/**
 * A sign-out of a browser: carried out, or to be asked about first (OpenID Connect RP-Initiated Logout section 2).
 * @throws OAuthError invalid_request, to be shown as a page; ResourceError unavailable, with the session as it was
 */
export async function signOut(
  tenant: Tenant,
  { parameters: sent, session: cookie, confirmed }: auth.SignOutRequest,
  dependencies: Dependencies,
  context: CallContext,
): Promise<auth.SignOutResponse> {
  const { stores, clock } = dependencies;
  const request = await readRequest(tenant, parseLogoutParameters(sent), dependencies, context);
  const present = await findPresentSession(tenant, cookie, clock(), stores);
  const decision = decideLogout(request, present?.session, confirmed);
  if (decision === "ask" && present !== undefined) return { outcome: { $case: "question", value: question(request, present) } };
  const frameUris = present === undefined ? [] : await endPresent(tenant, present, dependencies, context);
  const back = logoutReturn(request, present === undefined ? "nobody" : "end-session");
  return { outcome: { $case: "signedOut", value: { frameUris, return: back && toReturn(back, request) } } };
}

/** Ends the session. Gives what the browser has to load, so that applications sign it out as well (OpenID Connect Front-Channel Logout section 2). */
async function endPresent(
  tenant: Tenant,
  { session }: PresentSession,
  dependencies: Dependencies,
  context: CallContext,
): Promise<string[]> {
  const clients = await endSessionOf(tenant, session, dependencies, context);
  const issuer = issuerOf(dependencies.publicUrl, tenant.name);
  return clients.flatMap(({ id, metadata: { frontchannelLogoutUri: uri } }) =>
    uri === undefined ? [] : [frontChannelLogoutAddress(uri, issuer, sidOf(session.publicId, id))],
  );
}

async function readRequest(
  tenant: Tenant,
  parameters: Parameters,
  { directory, tokens }: Pick<Dependencies, "directory" | "tokens">,
  context: CallContext,
): Promise<LogoutRequest> {
  const idToken = parameters.get("id_token_hint");
  const hint = idToken === undefined ? undefined : await readHint(tenant, idToken, tokens, context);
  const clientId = clientIdOfLogout(parameters, hint);
  const client = clientId === undefined ? undefined : await directory.client(tenant, clientId);
  return parseLogoutRequest(parameters, hint, client);
}

async function readHint(
  tenant: Tenant,
  idToken: string,
  tokens: Dependencies["tokens"],
  context: CallContext,
): Promise<IdTokenHint | undefined> {
  const { hint } = await tokens.readIdTokenHint({ tenant: tenant.name, idToken }, onBehalfOf(context));
  if (hint === undefined) return undefined;
  const [clientId, sid] = [parseClientId(hint.clientId), parseSid(hint.sid)];
  if (clientId === undefined || sid === undefined) throw new Error("the token service answered with a hint that is none");
  return { clientId, sid };
}

/** What the answer comes back with names the application by its id alone: whoever was asked has said what an ID token would. */
function question({ client, postLogoutRedirectUri, state }: LogoutRequest, { user }: PresentSession): auth.SignOutQuestion {
  const target = postLogoutRedirectUri === undefined ? "" : redirectTarget(postLogoutRedirectUri);
  const parameters = { client_id: client?.id, post_logout_redirect_uri: postLogoutRedirectUri, state };
  return {
    user: toSignedInUser(user),
    application: client && applicationOf(client, target),
    parameters: Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }])),
    redirectTarget: target,
  };
}

function toReturn({ uri, automatic }: LogoutReturn, { client, postLogoutRedirectUri }: LogoutRequest): auth.SignOutReturn {
  const target = postLogoutRedirectUri === undefined ? "" : redirectTarget(postLogoutRedirectUri);
  return { uri, automatic, application: client && applicationOf(client, target) };
}

/** A client without a name is known by where the browser goes, or would go when it signs in. */
function applicationOf(client: Client, target: string): auth.ApplicationView {
  const [redirectUri] = client.metadata.redirectUris;
  return applicationView(client, target === "" && redirectUri !== undefined ? redirectTarget(redirectUri) : target);
}
