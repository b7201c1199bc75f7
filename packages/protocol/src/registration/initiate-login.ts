import type { Client } from "../client/client.ts";
import { isDisplayText } from "../display/display-text.ts";
import { isPageAddress, pageAddressRule } from "../display/page-address.ts";
import { OAuthError } from "../errors.ts";
import { formatForm } from "../parameters/form.ts";
import type { Parameters } from "../parameters/parameters.ts";
import type { Issuer } from "../tenant/tenant.ts";

const longestHint = 256;

/**
 * Where a browser is sent so that the client begins a sign-in at this issuer, OpenID Connect Core section 4: the client's registered address with `iss`, and with
 * `login_hint` and `target_link_uri` as they were sent. A client that is not there is answered as one that has no such address.
 * @throws OAuthError invalid_request
 */
export function loginInitiation(client: Client | undefined, issuer: Issuer, parameters: Parameters): string {
  const uri = client?.metadata.initiateLoginUri;
  if (uri === undefined) {
    throw new OAuthError("invalid_request", "client_id must be that of an application that has registered an initiate_login_uri");
  }
  const loginHint = parameters.get("login_hint");
  if (loginHint !== undefined && !isDisplayText(loginHint, longestHint)) {
    throw new OAuthError("invalid_request", `login_hint must be one line of at most ${longestHint} characters`);
  }
  const targetLinkUri = parameters.get("target_link_uri");
  if (targetLinkUri !== undefined && !isPageAddress(targetLinkUri)) {
    throw new OAuthError("invalid_request", `target_link_uri ${pageAddressRule}`);
  }
  const query = formatForm([
    { name: "iss", value: issuer },
    ...(loginHint === undefined ? [] : [{ name: "login_hint", value: loginHint }]),
    ...(targetLinkUri === undefined ? [] : [{ name: "target_link_uri", value: targetLinkUri }]),
  ]);
  return `${uri}${uri.includes("?") ? "&" : "?"}${query}`;
}
