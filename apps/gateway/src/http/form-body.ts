import type { IncomingMessage } from "node:http";
import { parseForm, type SentParameter } from "@signet/protocol";
import { readText } from "./body.ts";

export const formMediaType = "application/x-www-form-urlencoded";

/**
 * The parameters of a form body, in the order sent.
 * @throws HttpError as `readText` does, OAuthError invalid_request where it is not well-formed
 */
export async function readForm(message: IncomingMessage): Promise<readonly SentParameter[]> {
  return parseForm(await readText(message, formMediaType));
}
