import { hostEndpoint } from "../../endpoint.ts";
import { apiError } from "../../errors/api-error.ts";
import { inRequest } from "../../http/in-request.ts";
import { pageRequest } from "../../http/page-request.ts";
import { json } from "../../http/reply.ts";
import { administrator } from "../../steps/administrator.ts";
import { noStore } from "../../steps/headers.ts";
import { jsonBody } from "../../steps/json-body.ts";
import { query } from "../../steps/query.ts";
import { workplaceIn } from "./path-names.ts";
import { newWorkplaceFromJson, workplacePatchFromJson, workplaceToJson } from "./workplace-json.ts";

const all = ["/v1/workplaces"];
const one = ["/v1/workplaces/:workplace"];

export const listWorkplaces = hostEndpoint({
  method: "GET",
  paths: all,
  errors: apiError,
  steps: [noStore, administrator, query("limit")],
  async handle(request, { registry, publicUrl }) {
    const { tenants, nextCursor } = await registry.listTenants({ page: pageRequest(request.query) }, inRequest(request));
    return json(200, { result: tenants.map((tenant) => workplaceToJson(tenant, publicUrl)), next_cursor: nextCursor });
  },
});

export const createWorkplace = hostEndpoint({
  method: "POST",
  paths: all,
  errors: apiError,
  steps: [noStore, administrator, jsonBody],
  async handle(request, { registry, publicUrl }) {
    const { tenant } = await registry.createTenant(newWorkplaceFromJson(request.body), inRequest(request));
    return json(200, { result: workplaceToJson(tenant, publicUrl) });
  },
});

export const readWorkplace = hostEndpoint({
  method: "GET",
  paths: one,
  errors: apiError,
  steps: [noStore, administrator],
  async handle(request, { registry, publicUrl }) {
    const { tenant } = await registry.getTenant({ name: workplaceIn(request) }, inRequest(request));
    return json(200, { result: workplaceToJson(tenant, publicUrl) });
  },
});

export const updateWorkplace = hostEndpoint({
  method: "PATCH",
  paths: one,
  errors: apiError,
  steps: [noStore, administrator, jsonBody],
  async handle(request, { registry, publicUrl }) {
    const patch = workplacePatchFromJson(request.body);
    const { tenant } = await registry.updateTenant({ name: workplaceIn(request), patch }, inRequest(request));
    return json(200, { result: workplaceToJson(tenant, publicUrl) });
  },
});

export const deleteWorkplace = hostEndpoint({
  method: "DELETE",
  paths: one,
  errors: apiError,
  steps: [noStore, administrator],
  async handle(request, { registry }) {
    await registry.deleteTenant({ name: workplaceIn(request) }, inRequest(request));
    return json(200, { result: true });
  },
});
