import { hash } from "node:crypto";
import type { Reply } from "./reply.ts";
import type { HostRequest } from "./request.ts";

/** A reply that is the same for everybody and changes seldom, with the entity tag of its body (RFC 9110 section 8.8.3). */
export interface TaggedReply extends Reply {
  readonly headers: Reply["headers"] & { readonly ETag: string };
}

export function tagged(reply: Reply): TaggedReply {
  const etag = `"${hash("sha256", reply.body ?? "", "base64url")}"`;
  return { ...reply, headers: { ...reply.headers, ETag: etag } };
}

/** The reply, or that it is the one which the client has already: RFC 9110 sections 13.1.2 and 15.4.5. */
export function unlessUnchanged({ headers }: Pick<HostRequest, "headers">, reply: TaggedReply): Reply {
  const known = headers["if-none-match"];
  return known !== undefined && names(known, reply.headers.ETag) ? { status: 304, headers: reply.headers } : reply;
}

/** By the weak comparison, which leaves out what marks a tag as weak. */
function names(list: string, etag: string): boolean {
  return list.split(",").some((one) => {
    const tag = one.trim();
    return tag === "*" || tag === etag || tag === `W/${etag}`;
  });
}
