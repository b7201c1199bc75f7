/** An HTTP reply, as far as the load looks at it. */
export interface HttpReply {
  readonly status: number;
  /** The header section, for `headerOf`. */
  readonly head: string;
  readonly body: string;
}

const endOfHead = Buffer.from("\r\n\r\n");
const endOfLine = Buffer.from("\r\n");

/**
 * The reply at the beginning of `received`, or undefined while it is incomplete (RFC 9112 sections 6 and 7.1).
 * Both contenders are Node servers, so this reads what those send: a length or chunks, no trailers.
 * @throws Error for anything else
 */
export function readReply(received: Buffer): HttpReply | undefined {
  const headLength = received.indexOf(endOfHead);
  if (headLength < 0) return undefined;
  const head = received.toString("latin1", 0, headLength);
  const status = Number(head.slice(9, 12));
  const start = headLength + 4;
  const length = headerOf(head, "content-length");
  if (length !== undefined) {
    const end = start + Number(length);
    return received.length < end ? undefined : { status, head, body: received.toString("utf8", start, end) };
  }
  if (headerOf(head, "transfer-encoding")?.toLowerCase() !== "chunked") throw new Error(`no way to tell the length of ${head}`);
  const body = readChunks(received, start);
  return body === undefined ? undefined : { status, head, body };
}

/** The first value of a header; `name` in lower case. */
export function headerOf(head: string, name: string): string | undefined {
  let at = head.indexOf("\r\n");
  while (at >= 0) {
    const start = at + 2;
    const colon = start + name.length;
    at = head.indexOf("\r\n", start);
    if (head.charCodeAt(colon) === 58 && head.slice(start, colon).toLowerCase() === name) {
      return head.slice(colon + 1, at < 0 ? undefined : at).trim();
    }
  }
  return undefined;
}

function readChunks(received: Buffer, start: number): string | undefined {
  const chunks: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = received.indexOf(endOfLine, at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(received.toString("latin1", at, lineEnd), 16);
    const chunkStart = lineEnd + 2;
    const chunkEnd = chunkStart + size;
    if (received.length < chunkEnd + 2) return undefined;
    if (size === 0) return Buffer.concat(chunks).toString();
    chunks.push(received.subarray(chunkStart, chunkEnd));
    at = chunkEnd + 2;
  }
}
