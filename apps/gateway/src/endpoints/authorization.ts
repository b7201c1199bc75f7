import type { SentParameter } from "@signet/protocol";
import { readSession } from "../cookies/session-cookie.ts";
import { endpoint, type Services } from "../endpoint.ts";
import { pageError } from "../errors/page-error.ts";
import { authorizationReply } from "../http/authorization-reply.ts";
import { inRequest } from "../http/in-request.ts";
import { interactionReply } from "../http/interaction-reply.ts";
import type { Reply } from "../http/reply.ts";
import type { IssuerRequest } from "../http/request.ts";
import { noteClient } from "../request-observer.ts";
import { queryAndForm } from "../steps/form.ts";

/** Authorization endpoint: RFC 6749 section 3.1, OpenID Connect Core section 3.1.2. */
export const authorization = endpoint({
  method: ["GET", "POST"],
  paths: ["/oauth2/v1/auth", "/oauth/authorize"],
  errors: pageError,
  steps: [queryAndForm],
  handle: (request, services) => authorize(request, services, false),
});

/** The same, as the authorize-request API documents it: state, scope and an S256 challenge are required. */
export const strictAuthorization = endpoint({
  method: ["GET", "POST"],
  paths: ["/api/id/v1/auth/authorize"],
  errors: pageError,
  steps: [queryAndForm],
  handle: (request, services) => authorize(request, services, true),
});

type AuthorizationRequest = IssuerRequest & { readonly parameters: readonly SentParameter[] };

async function authorize(request: AuthorizationRequest, services: Services, strict: boolean): Promise<Reply> {
  const { notes, parameters } = request;
  if (notes !== undefined) noteClient(notes, parameters.find(({ name }) => name === "client_id")?.value);
  const session = readSession(services.cookies, request.headers, request.tenant);
  const { outcome } = await services.auth.authorize(
    { tenant: request.tenant.name, parameters: [...parameters], session, strict },
    inRequest(request),
  );
  if (outcome === undefined) throw new Error("Authorize came to no outcome");
  if (outcome.$case === "redirect") return authorizationReply(request.method, outcome.value);
  return interactionReply(request, outcome.value, services);
}
