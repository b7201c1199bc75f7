import { ResourceError } from "@signet/protocol";

const maximumAttempts = 16;

/**
 * Runs `attempt`, which reads, changes and replaces one stored thing, until nobody else replaced it in between; undefined from it means that
 * somebody did.
 * @throws ResourceError unavailable after 16 attempts
 */
export async function untilReplaced<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
  for (let attempts = 0; attempts < maximumAttempts; attempts++) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new ResourceError("unavailable", "too many changes at the same time; try again");
}
