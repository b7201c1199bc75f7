import type { Change } from "@signet/storage";
import { flag, text } from "@signet/storage/adapter";
import { recordOf } from "./record.ts";

/** The change whose JSON `value` is. */
export function changeOf(value: string): Change {
  const record = recordOf(value);
  const kind = text(record, "kind");
  const deleted = flag(record, "deleted");
  if (kind === "tenant") return { kind, tenantId: text(record, "tenantId"), name: text(record, "name"), deleted };
  if (kind === "client") return { kind, tenantId: text(record, "tenantId"), clientId: text(record, "clientId"), deleted };
  throw new Error("the stream of changes has one of a kind that is not known");
}
