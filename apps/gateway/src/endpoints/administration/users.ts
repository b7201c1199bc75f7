import { hostEndpoint } from "../../endpoint.ts";
import { apiError } from "../../errors/api-error.ts";
import { inRequest } from "../../http/in-request.ts";
import { pageRequest } from "../../http/page-request.ts";
import { json } from "../../http/reply.ts";
import { administrator } from "../../steps/administrator.ts";
import { noStore } from "../../steps/headers.ts";
import { jsonBody } from "../../steps/json-body.ts";
import { query } from "../../steps/query.ts";
import { userIn, workplaceIn } from "./path-names.ts";
import { userFromJson, userToJson } from "./user-json.ts";

const all = ["/v1/workplaces/:workplace/users"];
const one = ["/v1/workplaces/:workplace/users/:user"];

export const listUsers = hostEndpoint({
  method: "GET",
  paths: all,
  errors: apiError,
  steps: [noStore, administrator, query("limit")],
  async handle(request, { auth }) {
    const tenant = workplaceIn(request);
    const { users, nextCursor } = await auth.listUsers({ tenant, page: pageRequest(request.query) }, inRequest(request));
    return json(200, { result: users.map(userToJson), next_cursor: nextCursor });
  },
});

export const createUser = hostEndpoint({
  method: "POST",
  paths: all,
  errors: apiError,
  steps: [noStore, administrator, jsonBody],
  async handle(request, { auth }) {
    const tenant = workplaceIn(request);
    const { user } = await auth.createUser({ tenant, user: userFromJson(request.body) }, inRequest(request));
    return json(200, { result: userToJson(user) });
  },
});

export const readUser = hostEndpoint({
  method: "GET",
  paths: one,
  errors: apiError,
  steps: [noStore, administrator],
  async handle(request, { auth }) {
    const { user } = await auth.getUser({ tenant: workplaceIn(request), id: userIn(request) }, inRequest(request));
    return json(200, { result: userToJson(user) });
  },
});

export const updateUser = hostEndpoint({
  method: "PATCH",
  paths: one,
  errors: apiError,
  steps: [noStore, administrator, jsonBody],
  async handle(request, { auth }) {
    const tenant = workplaceIn(request);
    const id = userIn(request);
    const { user } = await auth.updateUser({ tenant, id, user: userFromJson(request.body) }, inRequest(request));
    return json(200, { result: userToJson(user) });
  },
});

export const deleteUser = hostEndpoint({
  method: "DELETE",
  paths: one,
  errors: apiError,
  steps: [noStore, administrator],
  async handle(request, { auth }) {
    await auth.deleteUser({ tenant: workplaceIn(request), id: userIn(request) }, inRequest(request));
    return json(200, { result: true });
  },
});
