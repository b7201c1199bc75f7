import { type SignInRequest, signIn } from "../browser/sign-in.ts";
import type { Contender } from "../contender.ts";
import { codeForm } from "./requests.ts";
import type { TokenReply } from "./token-reply.ts";
import { requestTokens } from "./token-request.ts";

/** The tokens of a whole first visit: a sign-in by the server's pages, and the exchange of the code that it ends with. */
export async function signInForTokens(contender: Contender, request: SignInRequest): Promise<TokenReply> {
  const { code, verifier } = await signIn(contender, request);
  return requestTokens(contender, codeForm(code, verifier));
}
