import type { common } from "@signet/contracts";
import { maximumPageLimit, type Parameters, ResourceError } from "@signet/protocol";

const maximumCursorLength = 512;

/**
 * The part of a list that `limit` and `cursor` ask for: without a limit as many as the service likes, without a cursor the first.
 * @throws ResourceError invalid
 */
export function pageRequest(query: Parameters): common.Page {
  const cursor = query.get("cursor") ?? "";
  if (cursor.length > maximumCursorLength) throw invalid("cursor must be the one that came with the page before");
  return { limit: limitOf(query) ?? 0, cursor };
}

function limitOf(query: Parameters): number | undefined {
  const sent = query.get("limit");
  if (sent === undefined) return undefined;
  const limit = /^[0-9]{1,4}$/.test(sent) ? Number(sent) : 0;
  if (limit < 1 || limit > maximumPageLimit) throw invalid(`limit must be a whole number from 1 to ${maximumPageLimit}`);
  return limit;
}

function invalid(description: string): ResourceError {
  return new ResourceError("invalid", description);
}
