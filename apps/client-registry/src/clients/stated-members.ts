import { registry } from "@signet/contracts";
import { invalidStatement } from "@signet/protocol";
import { membersByName } from "./client-message.ts";

export interface StatedMembers {
  readonly metadata: registry.ClientMetadata;
  /** Those members of the metadata that are stated, by their names on the wire. */
  readonly members: readonly string[];
}

/** Only an administrator says so, not even somebody whose statements are approved. */
const neverStated: ReadonlySet<string> = new Set(["scopes", "refresh_tokens", "resource_server"]);

const longestText = 4096;
const longestList = 100;

/**
 * The client metadata among the claims of a software statement, still unchecked but for their types; other claims are ignored (RFC 7591 section 2.3).
 * @throws OAuthError invalid_software_statement
 */
export function statedMembers(claims: Readonly<Record<string, unknown>>): StatedMembers {
  const metadata = registry.ClientMetadata.create();
  const members = [...membersByName].flatMap(([name, member]) => {
    const value = claims[name];
    if (neverStated.has(name) || value === undefined || value === null) return [];
    Object.assign(metadata, { [member]: stated(name, value, metadata[member]) });
    return [name];
  });
  return { metadata, members };
}

/** The value as a message has it, of the type that the member has when it is left out. */
function stated(name: string, value: unknown, absent: unknown): unknown {
  if (name === "jwks" && typeof value === "object") return JSON.stringify(value);
  if (name === "default_max_age" && typeof value === "number") return value;
  if (typeof absent === "boolean" && typeof value === "boolean") return value;
  if (typeof absent === "string" && isText(value)) return value;
  if (Array.isArray(absent) && Array.isArray(value) && value.length <= longestList && value.every(isText)) return value;
  throw invalidStatement(`the software statement's ${name} has the wrong type, or is too long`);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= longestText;
}
