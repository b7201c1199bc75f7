import type { Contender } from "../contender.ts";
import { openConnection } from "./http-connection.ts";
import { tokenRequests } from "./requests.ts";
import { parseTokenReply, type TokenReply } from "./token-reply.ts";

/** One token request over a connection of its own. @throws Error for a reply without an access token */
export async function requestTokens(contender: Contender, form: string): Promise<TokenReply> {
  const connection = await openConnection(contender.port);
  try {
    return parseTokenReply(await connection.send(tokenRequests(contender)(form)));
  } finally {
    connection.close();
  }
}
