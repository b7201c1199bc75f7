import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { HttpError } from "./http-error.ts";

/** Nothing that Signet accepts is larger. */
export const maximumBodyBytes = 64 * 1024;

/**
 * The whole body as text.
 * @throws HttpError 415 for another media type or an encoded body, 413 for one over the limit, 400 for one that is not UTF-8 or broke off
 */
export async function readText(message: IncomingMessage, mediaType: string): Promise<string> {
  const type = message.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== mediaType) throw new HttpError(415, `the body must be ${mediaType}`);
  const encoding = message.headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity")
    throw new HttpError(415, "the body must not be compressed");
  const body = await readBytes(message);
  if (!isUtf8(body)) throw new HttpError(400, "the body must be UTF-8");
  return body.toString("utf8");
}

async function readBytes(message: IncomingMessage): Promise<Buffer> {
  if (Number(message.headers["content-length"] ?? 0) > maximumBodyBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of message) {
      const bytes: Buffer = chunk;
      length += bytes.length;
      if (length > maximumBodyBytes) throw tooLarge();
      chunks.push(bytes);
    }
  } catch (error) {
    // A client that hangs up in the middle is no fault of ours, and none to fill the log with.
    throw error instanceof HttpError ? error : new HttpError(400, "the body did not arrive whole", { cause: error });
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length);
}

function tooLarge(): HttpError {
  return new HttpError(413, `the body may have at most ${maximumBodyBytes} bytes`);
}
