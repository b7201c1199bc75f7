import type { SentParameter, TenantId } from "@signet/protocol";
import type { RefusalId, StoredRefusal } from "../refusal-store.ts";
import { integer, isObject, optionalText, type StoredMembers, text } from "./stored-members.ts";

/** A refusal as it is kept, as JSON, without what the place says where it is kept. */
export function refusalText({ tenantId: _tenant, id: _id, ...refusal }: StoredRefusal): string {
  return JSON.stringify(refusal);
}

/** @throws Error where `stored` is no refusal */
export function refusalOf(tenantId: TenantId, id: RefusalId, stored: string): StoredRefusal {
  const record: unknown = JSON.parse(stored);
  if (!isObject<StoredMembers>(record)) throw new Error("what is stored of a refusal is not the JSON of an object");
  const expected = optionalText(record, "expected");
  const sent = optionalText(record, "sent");
  const clientId = optionalText(record, "clientId");
  return {
    id,
    tenantId,
    at: integer(record, "at"),
    expiresAt: integer(record, "expiresAt"),
    method: text(record, "method"),
    endpoint: text(record, "endpoint"),
    status: integer(record, "status"),
    error: text(record, "error"),
    description: text(record, "description"),
    rule: text(record, "rule"),
    ...(expected !== undefined && { expected }),
    ...(sent !== undefined && { sent }),
    ...(clientId !== undefined && { clientId }),
    parameters: parametersOf(record.parameters),
    otherParameters: integer(record, "otherParameters"),
    unkept: integer(record, "unkept"),
  };
}

function parametersOf(stored: unknown): readonly SentParameter[] {
  if (!Array.isArray(stored)) throw new Error("the member parameters does not hold a list");
  return stored.map((parameter: unknown) => {
    if (!isObject<StoredMembers>(parameter)) throw new Error("the member parameters does not hold parameters");
    return { name: text(parameter, "name"), value: text(parameter, "value") };
  });
}
