import { type ClientCredentials, clientCredentials, type SentParameter } from "@signet/protocol";
import type { Step } from "../endpoint.ts";
import { readForm } from "../http/form-body.ts";
import type { HostRequest } from "../http/request.ts";
import { sentOnce } from "../http/sent-once.ts";
import { noteClient } from "../request-observer.ts";

/** A client's form, and what it shows in it or in the Authorization header to prove who it is (RFC 6749 section 2.3.1). */
export const clientForm: Step<
  HostRequest,
  { readonly form: readonly SentParameter[]; readonly authentication: ClientCredentials }
> = {
  async run({ message, notes }) {
    const form = await readForm(message);
    const authentication = clientCredentials(sentOnce(message.rawHeaders, "authorization"), form);
    if (notes !== undefined) noteClient(notes, authentication.clientId);
    return { form, authentication };
  },
};
