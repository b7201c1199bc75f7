import { parseJsonReply } from "./json-reply.ts";
import type { Flow } from "./work.ts";

/**
 * A flow of one request, the same each time.
 * @param marker what every right reply in JSON contains to the letter
 * @param inspect gets the members of a reply; throws where they are not right
 */
export function repeatedRequest(
  request: string,
  { marker, inspect }: { readonly marker: string; readonly inspect: (members: ReadonlyMap<string, unknown>) => void },
): Flow {
  return {
    async run(connection) {
      const reply = await connection.send(request);
      if (reply.status !== 200 || !reply.body.includes(marker)) {
        throw new Error(`no 200 with ${marker}: ${reply.status} ${reply.body.slice(0, 300)}`);
      }
      return reply;
    },
    inspect: async (reply) => inspect(parseJsonReply(reply)),
  };
}
