import type { registry as contract } from "@signet/contracts";
import { hostEndpoint } from "../../endpoint.ts";
import { apiError } from "../../errors/api-error.ts";
import { inRequest } from "../../http/in-request.ts";
import { objectOf, parseBody, text, wholeNumber } from "../../http/json-members.ts";
import { pageRequest } from "../../http/page-request.ts";
import { json } from "../../http/reply.ts";
import { administrator } from "../../steps/administrator.ts";
import { noStore } from "../../steps/headers.ts";
import { jsonBody } from "../../steps/json-body.ts";
import { query } from "../../steps/query.ts";
import { workplaceIn } from "./path-names.ts";

const all = ["/v1/workplaces/:workplace/oidc/initial-access-tokens"];
const one = ["/v1/workplaces/:workplace/oidc/initial-access-tokens/:token"];

/** What opens the workplace's registration endpoint (RFC 7591 section 1.2): those that have not expired, without the tokens themselves. */
export const listInitialAccessTokens = hostEndpoint({
  method: "GET",
  paths: all,
  errors: apiError,
  steps: [noStore, administrator, query("limit")],
  async handle(request, { registry }) {
    const { initialAccessTokens, nextCursor } = await registry.listInitialAccessTokens(
      { tenant: workplaceIn(request), page: pageRequest(request.query) },
      inRequest(request),
    );
    return json(200, { result: initialAccessTokens.map(toJson), next_cursor: nextCursor });
  },
});

const termsJson = objectOf({
  label: text.exactOptional(),
  uses: wholeNumber.exactOptional(),
  lifetime: wholeNumber.exactOptional(),
});

/** A new one. The reply is the only place where the token is told. */
export const createInitialAccessToken = hostEndpoint({
  method: "POST",
  paths: all,
  errors: apiError,
  steps: [noStore, administrator, jsonBody],
  async handle(request, { registry }) {
    const { label = "", uses, lifetime } = parseBody(termsJson, request.body);
    const { initialAccessToken, token } = await registry.createInitialAccessToken(
      { tenant: workplaceIn(request), label, maximumUses: uses, lifetime },
      inRequest(request),
    );
    if (initialAccessToken === undefined) throw new Error("the registry answered without the token");
    return json(200, { result: { ...toJson(initialAccessToken), token } });
  },
});

export const deleteInitialAccessToken = hostEndpoint({
  method: "DELETE",
  paths: one,
  errors: apiError,
  steps: [noStore, administrator],
  async handle(request, { registry }) {
    const id = request.pathParameters.token ?? "";
    await registry.deleteInitialAccessToken({ tenant: workplaceIn(request), id }, inRequest(request));
    return json(200, { result: true });
  },
});

function toJson({ id, label, maximumUses, uses, createdAt, expiresAt }: contract.InitialAccessToken): object {
  return { id, label, uses: maximumUses, used: uses, created_at: createdAt, expires_at: expiresAt };
}
