import type { Contender } from "../contender.ts";
import type { WorkName } from "../options.ts";
import type { HttpConnection } from "./http-connection.ts";
import type { HttpReply } from "./http-reply.ts";

/** What one connection repeats. */
export interface Flow {
  /** Goes once from the first request to the last reply, and answers that. Rejects when any reply is not the one that was asked for, as far as a cheap look tells. */
  run(connection: HttpConnection): Promise<HttpReply>;
  /** Looks at a reply of `run` in full: that it is the work which both contenders are to do. Rejects where it is not. */
  inspect(reply: HttpReply): Promise<void>;
}

/** A kind of flow that is measured. */
export interface Work {
  readonly name: WorkName;
  /** The flow of one connection. Signs in where that needs it. */
  prepare(contender: Contender): Promise<Flow>;
}
