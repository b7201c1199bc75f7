import type { Contender } from "../contender.ts";
import type { WorkName } from "../options.ts";
import type { HttpConnection } from "./http-connection.ts";
import type { TokenReply } from "./token-reply.ts";

/** One flow from its first request to its last reply. Rejects when any reply is not the one that was asked for. */
export type Flow = (connection: HttpConnection) => Promise<TokenReply>;

/** A kind of flow that is measured. */
export interface Work {
  readonly name: WorkName;
  /** What its token replies carry beside the access token. */
  readonly carries: { readonly idToken: boolean; readonly refreshToken: boolean };
  /** Signs in where the flow needs it; what is answered is repeated on one connection. */
  prepare(contender: Contender): Promise<Flow>;
}
