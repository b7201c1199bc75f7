import type { ServerResponse } from "node:http";
import type { Reply } from "./reply.ts";

/** Headers that are the same for every reply of an endpoint, or of the gateway. */
export type FixedHeaders = Readonly<Record<string, string>>;

/** What every reply of the gateway says, unless an endpoint says otherwise. */
export function headersOfEveryReply({ publicUrl }: { readonly publicUrl: string }): FixedHeaders {
  return publicUrl.startsWith("https:") ? overHttps : overHttp;
}

const overHttp: FixedHeaders = {
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};
const overHttps: FixedHeaders = { ...overHttp, "Strict-Transport-Security": "max-age=31536000; includeSubDomains" };

/**
 * Sends the reply. The head is written at once, past Koa's own setting of one header after the other and guessing at the body: that alone would
 * take longer than a signature.
 */
export function write(
  response: ServerResponse,
  { status, headers, cookies = [], body = "" }: Reply,
  everywhere: FixedHeaders,
  ofEndpoint: FixedHeaders = {},
): void {
  response.writeHead(status, {
    ...everywhere,
    ...ofEndpoint,
    ...headers,
    ...(cookies.length > 0 && { "Set-Cookie": [...cookies] }),
    ...(status !== 204 && status !== 304 && { "Content-Length": Buffer.byteLength(body) }),
  });
  response.end(body);
}
