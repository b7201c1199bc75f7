import { type SignInRequest, signIn } from "../browser/sign-in.ts";
import type { Contender } from "../contender.ts";
import { openConnection } from "./http-connection.ts";
import { codeForm, tokenRequests } from "./requests.ts";
import { parseTokenReply, type TokenReply } from "./token-reply.ts";

/** The tokens of a whole first visit: a sign-in by the server's pages, and the exchange of the code that it ends with. */
export async function signInForTokens(contender: Contender, request: SignInRequest): Promise<TokenReply> {
  const { code, verifier } = await signIn(contender, request);
  const connection = await openConnection(contender.port);
  try {
    return parseTokenReply(await connection.send(tokenRequests(contender)(codeForm(code, verifier))));
  } finally {
    connection.close();
  }
}
