import { parseForm, type SentParameter } from "@signet/protocol";
import { type RequestBody, readText } from "./body.ts";

export const formMediaType = "application/x-www-form-urlencoded";

/**
 * The parameters of a form body, in the order sent.
 * @throws HttpError as `readText` does, OAuthError invalid_request where it is not well-formed
 */
export async function readForm(body: RequestBody): Promise<readonly SentParameter[]> {
  return parseForm(await readText(body, formMediaType));
}
