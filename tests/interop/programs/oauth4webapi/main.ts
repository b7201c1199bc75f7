/** A relying party on oauth4webapi, step by step as its OpenID Connect example shows: each response is validated, the ID token's signature as well. */
import * as oauth from "oauth4webapi";
import { serveRelyingParty } from "../relying-party.ts";
import { readSetting } from "../setting.ts";

const setting = readSetting();
const insecurely = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(setting.issuer);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecurely));
const client: oauth.Client = { client_id: setting.clientId };
const authentication = oauth.ClientSecretBasic(setting.clientSecret);

interface Checks {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

serveRelyingParty<Checks, oauth.TokenEndpointResponse>(setting, {
  async begin() {
    const verifier = oauth.generateRandomCodeVerifier();
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
    const url = new URL(server.authorization_endpoint ?? "");
    url.search = new URLSearchParams({
      response_type: "code",
      client_id: client.client_id,
      redirect_uri: setting.callback,
      scope: "openid profile email offline_access",
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    }).toString();
    return { url, checks: { verifier, state, nonce } };
  },
  async finish(callback, { verifier, state, nonce }) {
    const parameters = oauth.validateAuthResponse(server, client, callback, state);
    const asked = [server, client, authentication, parameters, setting.callback, verifier, insecurely] as const;
    const reply = await oauth.authorizationCodeGrantRequest(...asked);
    const options = { expectedNonce: nonce, requireIdToken: true };
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, reply, options);
    await oauth.validateApplicationLevelSignature(server, reply, insecurely);
    return tokens;
  },
  async refresh({ refresh_token = "" }) {
    const reply = await oauth.refreshTokenGrantRequest(server, client, authentication, refresh_token, insecurely);
    const tokens = await oauth.processRefreshTokenResponse(server, client, reply);
    await oauth.validateApplicationLevelSignature(server, reply, insecurely);
    return tokens;
  },
  claims: (tokens) => oauth.getValidatedIdTokenClaims(tokens) ?? {},
  async userinfo(tokens) {
    const subject = oauth.getValidatedIdTokenClaims(tokens)?.sub ?? "";
    const reply = await oauth.userInfoRequest(server, client, tokens.access_token, insecurely);
    return oauth.processUserInfoResponse(server, client, subject, reply);
  },
  signOut({ id_token = "" }, returnTo) {
    const url = new URL(server.end_session_endpoint ?? "");
    url.search = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: returnTo }).toString();
    return url;
  },
});
