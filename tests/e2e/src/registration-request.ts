import { type ApiReply, type ApiRequest, send } from "./api-request.ts";

/** Whose registration API is asked, and with which token. */
export interface Workplace {
  readonly url: string;
  readonly name: string;
  readonly registrationToken: string;
}

/** A request to the registration API as its page describes it: GET and DELETE have a Content-Type there as well. */
export function askRegistration(
  { url, name, registrationToken }: Workplace,
  method: string,
  query = "",
  { headers = {}, ...rest }: Omit<ApiRequest, "method"> = {},
): Promise<ApiReply> {
  return send(`${url}/v1/oidc/${name}/registration${query}`, {
    method,
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${registrationToken}`, ...headers },
    ...rest,
  });
}

/** The client that the page registers. */
export const documented = {
  application_type: "native",
  response_types: ["code"],
  scopes: [{ name: "roles", desc: "User roles", fields: ["roles"] }],
  redirect_uris: ["http://localhost:8080", "http://localhost:8081"],
  post_logout_redirect_uris: ["http://localhost:8082"],
  client_secret_expires_at: 0,
  client_name: "",
  contacts: [],
  logo_uri: "",
  client_uri: "",
  tos_uri: "",
  policy_uri: "",
};
