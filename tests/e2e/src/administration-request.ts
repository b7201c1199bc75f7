import type { Signet } from "@signet/testkit";
import { expect } from "vitest";
import { type ApiReply, type ApiRequest, send } from "./api-request.ts";

/** A request to the administration API, with its token in X-Auth-Token unless the headers say otherwise. */
export function askAdministration(
  { url, adminToken }: Pick<Signet, "url" | "adminToken">,
  method: string,
  path: string,
  { headers = {}, ...rest }: Omit<ApiRequest, "method"> = {},
): Promise<ApiReply> {
  return send(`${url}/v1/workplaces${path}`, { method, headers: { "X-Auth-Token": adminToken, ...headers }, ...rest });
}

/** The `result` of a reply that must be a success. */
export function resultOf(reply: ApiReply): Readonly<Record<string, unknown>> {
  expect(reply.status, reply.text).toBe(200);
  expect(reply.headers).toMatchObject({ "content-type": "application/json;charset=UTF-8", "cache-control": "no-store" });
  return JSON.parse(reply.text).result;
}
