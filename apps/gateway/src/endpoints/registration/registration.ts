import type { TenantName } from "@signet/protocol";
import { hostEndpoint, type Services } from "../../endpoint.ts";
import { apiError } from "../../errors/api-error.ts";
import { HttpError } from "../../http/http-error.ts";
import { inRequest } from "../../http/in-request.ts";
import { json, type Reply } from "../../http/reply.ts";
import type { HostRequest } from "../../http/request.ts";
import { noStore } from "../../steps/headers.ts";
import { jsonBody } from "../../steps/json-body.ts";
import { query } from "../../steps/query.ts";
import { workplaceToken } from "../../steps/workplace-token.ts";
import { clientFromJson, clientToJson, type SentClient, updatedClientToJson } from "./client-metadata-json.ts";
import { linkToNext, listClients } from "./list-clients.ts";

const paths = ["/v1/oidc/:workplace/registration"];
const registrationQuery = query("client_id", "limit");

/** Registration API: all clients of the workplace or, with `client_id`, one. */
export const readClients = hostEndpoint({
  method: "GET",
  paths,
  errors: apiError,
  steps: [noStore, workplaceToken, registrationQuery],
  async handle(request, services) {
    const { workplace, query } = request;
    const clientId = query.get("client_id");
    if (clientId !== undefined) {
      const reply = await services.registry.getClient({ tenant: workplace, clientId, revealSecret: true }, inRequest(request));
      return json(200, clientToJson(reply));
    }
    const list = await listClients(request, services);
    const link = linkToNext(`${services.publicUrl}/v1/oidc/${workplace}/registration`, list, query);
    return json(200, list.clients.map(clientToJson), link === undefined ? {} : { Link: link });
  },
});

/** Registration API: a new client or, with `client_id`, a change of one. */
export const writeClient = hostEndpoint({
  method: "POST",
  paths,
  errors: apiError,
  steps: [noStore, workplaceToken, registrationQuery, jsonBody],
  async handle(request, services) {
    const clientId = request.query.get("client_id");
    const sent = clientFromJson(request.body);
    return clientId === undefined ? create(request, sent, services) : update(request, clientId, sent, services);
  },
});

/** Registration API: the end of a client. */
export const deleteClient = hostEndpoint({
  method: "DELETE",
  paths,
  errors: apiError,
  steps: [noStore, workplaceToken, registrationQuery],
  async handle(request, { registry }) {
    const clientId = request.query.get("client_id");
    if (clientId === undefined) throw new HttpError(400, "the query parameter client_id is missing");
    await registry.deleteClient({ tenant: request.workplace, clientId }, inRequest(request));
    return json(200, { result: true });
  },
});

type WorkplaceRequest = HostRequest & { readonly workplace: TenantName };

async function create(
  request: WorkplaceRequest,
  { metadata, clientSecretExpiresAt = 0 }: SentClient,
  { registry }: Services,
): Promise<Reply> {
  const reply = await registry.createClient({ tenant: request.workplace, metadata, clientSecretExpiresAt }, inRequest(request));
  return json(200, clientToJson(reply));
}

async function update(request: WorkplaceRequest, clientId: string, sent: SentClient, { registry }: Services): Promise<Reply> {
  const reply = await registry.updateClient({ tenant: request.workplace, clientId, ...sent }, inRequest(request));
  return json(200, updatedClientToJson(reply));
}
