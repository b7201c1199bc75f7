/** A relying party on openid-client: discovery, PKCE, state and nonce, as its documentation shows. */
import * as oidc from "openid-client";
import { serveRelyingParty } from "../relying-party.ts";
import { readSetting } from "../setting.ts";

const setting = readSetting();
const options = { execute: [oidc.allowInsecureRequests] };
const config = await oidc.discovery(new URL(setting.issuer), setting.clientId, setting.clientSecret, undefined, options);

type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;

serveRelyingParty<oidc.AuthorizationCodeGrantChecks, Tokens & { id_token?: string }>(setting, {
  async begin() {
    const [pkceCodeVerifier, state, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomState(), oidc.randomNonce()];
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: setting.callback,
      scope: "openid profile email offline_access",
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
      state,
      nonce,
    });
    return { url, checks: { pkceCodeVerifier, expectedState: state, expectedNonce: nonce } };
  },
  finish: (callback, checks) => oidc.authorizationCodeGrant(config, callback, checks),
  refresh: ({ refresh_token = "" }) => oidc.refreshTokenGrant(config, refresh_token),
  claims: (tokens) => tokens.claims() ?? {},
  userinfo: (tokens) => oidc.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? ""),
  signOut: ({ id_token = "" }, post_logout_redirect_uri) =>
    oidc.buildEndSessionUrl(config, { id_token_hint: id_token, post_logout_redirect_uri }),
});
