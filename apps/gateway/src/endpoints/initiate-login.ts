import { loginInitiation } from "@signet/protocol";
import { endpoint } from "../endpoint.ts";
import { pageError } from "../errors/page-error.ts";
import { redirect } from "../http/reply.ts";
import { query } from "../steps/query.ts";

/** A link to an application: its browser begins there to sign in here, OpenID Connect Core section 4. */
export const initiateLogin = endpoint({
  method: "GET",
  paths: ["/oauth2/v1/initiate"],
  errors: pageError,
  steps: [query("client_id", "login_hint", "target_link_uri")],
  async handle({ tenant, issuer, query }, { directory }) {
    const client = await directory.client(tenant, query.get("client_id") ?? "");
    return redirect(303, loginInitiation(client, issuer, query));
  },
});
