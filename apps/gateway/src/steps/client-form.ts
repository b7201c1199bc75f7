import { type ClientCredentials, clientCredentials, type SentParameter } from "@signet/protocol";
import type { Step } from "../endpoint.ts";
import { readForm } from "../http/form-body.ts";
import type { HostRequest } from "../http/request.ts";
import { sentOnce } from "../http/sent-once.ts";
import { noteClient } from "../request-observer.ts";

/** What a client shows to prove who it is: one kind of credentials and, in TLS, a certificate, which may be its credentials or what its tokens are bound to. */
type ShownCredentials = ClientCredentials & { readonly certificate?: Buffer; readonly certificateVerified?: boolean };

/** A client's form, and what it shows in it, in the Authorization header (RFC 6749 section 2.3.1) and in TLS (RFC 8705 section 2) to prove who it is. */
export const clientForm: Step<
  HostRequest,
  { readonly form: readonly SentParameter[]; readonly authentication: ShownCredentials }
> = {
  async run({ message, place, notes, clientCertificate }) {
    const form = await readForm({ message, place });
    const authentication = clientCredentials(sentOnce(message.rawHeaders, "authorization"), form);
    if (notes !== undefined) noteClient(notes, authentication.clientId);
    if (clientCertificate === undefined) return { form, authentication };
    const { der: certificate, isVerified: certificateVerified } = clientCertificate;
    return { form, authentication: { ...authentication, certificate, certificateVerified } };
  },
};
