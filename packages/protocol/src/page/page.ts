import { ResourceError } from "../errors.ts";

/** Which part of a list is asked for, as it was sent. */
export interface SentPage {
  /** 0 asks for the default. */
  readonly limit: number;
  /** Empty for the first part. */
  readonly cursor: string;
}

const defaultPageLimit = 50;
export const maximumPageLimit = 200;

/**
 * Which part of a list is asked for. `parsePosition` takes what `formatCursor` was given, and answers undefined for anything else.
 * @throws ResourceError invalid
 */
export function parsePage(
  sent: SentPage | undefined,
  parsePosition: (value: string) => string | undefined,
): { readonly limit: number; readonly cursor?: string } {
  const limit = sent === undefined || sent.limit === 0 ? defaultPageLimit : sent.limit;
  if (!Number.isInteger(limit) || limit < 1 || limit > maximumPageLimit) {
    throw new ResourceError("invalid", `limit must be a whole number from 1 to ${maximumPageLimit}`);
  }
  if (sent === undefined || sent.cursor === "") return { limit };
  const decoded = Buffer.from(sent.cursor, "base64url").toString("utf8");
  const cursor = formatCursor(decoded) === sent.cursor ? parsePosition(decoded) : undefined;
  if (cursor === undefined) throw new ResourceError("invalid", "cursor must be the one that came with the page before");
  return { limit, cursor };
}

/** The position in a form that says nothing to whoever carries it: base64url. Empty where there is none, at the end of a list. */
export function formatCursor(position: string | undefined): string {
  return position === undefined ? "" : Buffer.from(position, "utf8").toString("base64url");
}
