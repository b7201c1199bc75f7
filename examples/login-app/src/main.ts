/** A small relying party: it signs a person in at Signet, shows who that is, refreshes the tokens, and signs out there too. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import * as oidc from "openid-client";
import { registeredClient } from "./client.ts";
import { errorPage, signedInPage, signedOutPage } from "./pages.ts";

const issuer = process.env.ISSUER ?? "http://localhost:4000";
const home = new URL(`http://localhost:${process.env.PORT ?? 5000}/`);
const redirect_uri = `${home}callback`;
const giveUp = (reason: unknown, hint = "") => {
  console.error(`example: ${reason instanceof Error ? reason.message : reason}${hint}`);
  process.exit(1);
};
const { client_id, client_secret } = await registeredClient(issuer, redirect_uri, home.href).catch(giveUp);
const options = issuer.startsWith("http:") ? { execute: [oidc.allowInsecureRequests] } : {};
const signet = await oidc.discovery(new URL(issuer), client_id, client_secret, oidc.ClientSecretBasic(client_secret), options);

type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;
type Session = { checks?: oidc.AuthorizationCodeGrantChecks; tokens?: Tokens };
const sessions = new Map<string, Session>();

/** What each link and button does. The answer is a page, or where to go on. */
const routes: Record<string, (session: Session, url: URL) => Promise<string | URL>> = {
  async "GET /"({ tokens }) {
    const idToken = tokens?.claims();
    if (tokens === undefined || idToken === undefined) return signedOutPage;
    return signedInPage(await oidc.fetchUserInfo(signet, tokens.access_token, idToken.sub), idToken, tokens.access_token);
  },
  async "POST /sign-in"(session) {
    const [pkceCodeVerifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
    session.checks = { pkceCodeVerifier, expectedState: state, expectedNonce: nonce };
    const code_challenge = await oidc.calculatePKCECodeChallenge(pkceCodeVerifier);
    const request = { redirect_uri, scope: "openid profile email offline_access", state, nonce, code_challenge };
    return oidc.buildAuthorizationUrl(signet, { ...request, code_challenge_method: "S256" });
  },
  async "GET /callback"(session, url) {
    if (session.checks !== undefined) session.tokens = await oidc.authorizationCodeGrant(signet, url, session.checks);
    delete session.checks;
    return home;
  },
  async "POST /refresh"(session) {
    session.tokens = await oidc.refreshTokenGrant(signet, session.tokens?.refresh_token ?? "");
    return home;
  },
  async "POST /sign-out"(session) {
    const { id_token } = session.tokens ?? {};
    delete session.tokens;
    if (id_token === undefined) return home;
    return oidc.buildEndSessionUrl(signet, { id_token_hint: id_token, post_logout_redirect_uri: home.href });
  },
};

createServer(async ({ method, url = "/", headers }, response) => {
  const id = /login_app=([0-9a-f-]{36})/.exec(headers.cookie ?? "")?.[1] ?? randomUUID();
  const session = sessions.getOrInsert(id, {});
  response.setHeader("Content-Type", "text/html").setHeader("Set-Cookie", `login_app=${id}; HttpOnly; SameSite=Lax; Path=/`);
  try {
    const target = new URL(url, home);
    const outcome = (await routes[`${method} ${target.pathname}`]?.(session, target)) ?? home;
    if (typeof outcome === "string") response.end(outcome);
    else response.writeHead(303, { Location: outcome.href }).end();
  } catch (error) {
    response.writeHead(400).end(errorPage(error));
  }
})
  .on("error", (error) => giveUp(error, ": set PORT to a free one"))
  .listen(home.port, () => console.log(`The example is at ${home.origin}; it signs people in at ${issuer}.`));
