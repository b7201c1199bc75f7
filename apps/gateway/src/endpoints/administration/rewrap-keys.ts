import { maximumPageLimit } from "@signet/protocol";
import { hostEndpoint } from "../../endpoint.ts";
import { apiError } from "../../errors/api-error.ts";
import { inRequest } from "../../http/in-request.ts";
import { json } from "../../http/reply.ts";
import { administrator } from "../../steps/administrator.ts";
import { noStore } from "../../steps/headers.ts";

/**
 * Has each service that encrypts wrap its data keys by the current key-encryption key. A body is not needed, and not read. Where it fails halfway, what is
 * done is done, and it can be asked for again.
 */
export const rewrapKeys = hostEndpoint({
  method: "POST",
  paths: ["/v1/keys/rewrap"],
  errors: apiError,
  steps: [noStore, administrator],
  async handle(request, { registry, tokens }) {
    const options = inRequest(request);
    const [ofRegistry, ofTokens] = await Promise.all([
      rewrapAll((page) => registry.rewrapDataKeys({ page }, options)),
      rewrapAll((page) => tokens.rewrapDataKeys({ page }, options)),
    ]);
    return json(200, { result: { registry: ofRegistry, token: ofTokens } });
  },
});

interface Counts {
  readonly rewrapped: number;
  readonly current: number;
  readonly unreadable: number;
}

interface Page {
  readonly limit: number;
  readonly cursor: string;
}

/** One call after another until the last page, each with a deadline of its own; the sums of what they count. */
async function rewrapAll(rewrapPage: (page: Page) => Promise<Counts & { readonly nextCursor: string }>): Promise<Counts> {
  const sum = { rewrapped: 0, current: 0, unreadable: 0 };
  let cursor = "";
  do {
    const { nextCursor, ...counts } = await rewrapPage({ limit: maximumPageLimit, cursor });
    sum.rewrapped += counts.rewrapped;
    sum.current += counts.current;
    sum.unreadable += counts.unreadable;
    cursor = nextCursor;
  } while (cursor !== "");
  return sum;
}
