import type { FetchedDocument } from "./cache/document-cache.ts";
import { OutboundError } from "./outbound-error.ts";

/** Parsed once for each document, and kept for as long as that is. */
const values = new WeakMap<FetchedDocument, { readonly value: unknown }>();

/** The JSON value in a document. @throws OutboundError malformed */
export function parsedJson(document: FetchedDocument): unknown {
  const known = values.get(document);
  if (known !== undefined) return known.value;
  const value = parse(document.text);
  values.set(document, { value });
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without its cause, which repeats a part of the text.
    throw new OutboundError("malformed", "the content is not JSON");
  }
}
