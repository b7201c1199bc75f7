import { type Clock, later, type TenantId } from "@signet/protocol";
import { type Lookup, systemAddresses } from "./address/checked-lookup.ts";
import { publicAddresses } from "./address/public-addresses.ts";
import { type AllowedHosts, parseTarget } from "./address/target.ts";
import { DocumentCache, type FetchedDocument } from "./cache/document-cache.ts";
import { type FreshnessBounds, freshMilliseconds } from "./cache/freshness.ts";
import { createExchange, type Exchange, type ExchangeReply } from "./http/exchange.ts";
import { Lanes } from "./http/lanes.ts";
import { OutboundError } from "./outbound-error.ts";
import { parsedJson } from "./parsed-json.ts";

export interface FetchOptions {
  /** Of whose client the address is. One tenant's requests have a share of the room, so that its hosts that hang hold up its own alone. */
  readonly tenant: TenantId;
  /** A longer reply is an error. */
  readonly maximumBytes: number;
  /** The `Accept` header; what is sent need not heed it, since static hosts often name no type or a wrong one. */
  readonly accept: string;
  /** From a minute to a day, and five minutes where the reply says nothing, unless given. */
  readonly freshness?: FreshnessBounds;
  /** A document that was fetched longer ago than this will not do: for whoever misses in it what may be new. It bounds how often such a one fetches. */
  readonly maximumAgeMilliseconds?: number;
  /** A redirect to another host is an error: for what the host itself has to say. It may have a page that redirects wherever a link says. */
  readonly staysAtHost?: boolean;
}

export interface PostOptions {
  /** As for a fetch. */
  readonly tenant: TenantId;
  readonly contentType: string;
  readonly body: string;
  /** Of a reply, whose content nobody reads. */
  readonly maximumBytes?: number;
  /** 5 seconds unless given. */
  readonly totalMilliseconds?: number;
  /** Ends the request. */
  readonly signal?: AbortSignal;
}

/** The one way from Signet to hosts outside. Every method throws `OutboundError`. */
export interface Outbound {
  /** The text at an address, UTF-8. Shared by all of the tenant's who ask for it, and cached as its reply allows. */
  fetchText(url: string, options: FetchOptions): Promise<string>;
  /** The JSON value at an address: the very same object until it is fetched again, so that what was made of it can be kept by it. Not to be changed. */
  fetchJson(url: string, options: FetchOptions): Promise<unknown>;
  /** One POST, redirects not followed; the reply's status. Whether that is success is for the caller to say. */
  post(url: string, options: PostOptions): Promise<{ readonly status: number }>;
  /** Whether an address might be asked, as far as that can be told without looking its name up. @throws OutboundError not_allowed */
  check(url: string): void;
}

export interface OutboundOptions {
  /** Hosts that may be private and plain `http:`, each as `host` or `host:port`. */
  readonly allowedHosts: readonly string[];
  readonly clock: Clock;
  /** As this machine looks names up for the allowed hosts, and in the DNS for all others, unless given. */
  readonly lookup?: Lookup;
  /** Certificates in PEM that are trusted in place of those that come with Node.js. */
  readonly authorities?: string;
  readonly limits?: Partial<OutboundLimits>;
}

export interface OutboundLimits {
  /** From the request, or the first of its redirects, to the last byte of the reply, waiting for its turn included. Less than a call between services may take. */
  readonly totalMilliseconds: number;
  /** To an established connection, the name's lookup included. */
  readonly connectMilliseconds: number;
  readonly maximumRedirects: number;
  /** Requests at a time. */
  readonly concurrency: number;
  readonly concurrencyPerHost: number;
  readonly concurrencyPerTenant: number;
  readonly waiting: number;
  readonly waitingPerHost: number;
  readonly waitingPerTenant: number;
  readonly cachedDocuments: number;
  readonly cachedBytes: number;
  readonly failureMilliseconds: number;
}

const defaultOutboundLimits: OutboundLimits = {
  totalMilliseconds: 1500,
  connectMilliseconds: 1000,
  maximumRedirects: 3,
  concurrency: 64,
  concurrencyPerHost: 4,
  concurrencyPerTenant: 16,
  waiting: 256,
  waitingPerHost: 32,
  waitingPerTenant: 64,
  cachedDocuments: 1000,
  cachedBytes: 16 * 1024 * 1024,
  failureMilliseconds: 10_000,
};

const minute = 60_000;
const defaultFreshness: FreshnessBounds = {
  minimumMilliseconds: minute,
  maximumMilliseconds: 24 * 60 * minute,
  otherwiseMilliseconds: 5 * minute,
};
const defaultPostMilliseconds = 5000;
const defaultPostReplyBytes = 64 * 1024;

export function createOutbound(options: OutboundOptions): Outbound {
  const { clock, lookup, authorities } = options;
  const limits = { ...defaultOutboundLimits, ...options.limits };
  const allowedHosts: AllowedHosts = new Set(options.allowedHosts.map((host) => host.toLowerCase()));
  const exchange = createExchange({
    lookupOfAllowed: lookup ?? systemAddresses,
    lookupOfPublic: lookup ?? publicAddresses(),
    authorities,
    connectMilliseconds: limits.connectMilliseconds,
  });
  const lanes = new Lanes({
    maximum: limits.concurrency,
    maximumPerHost: limits.concurrencyPerHost,
    maximumPerTenant: limits.concurrencyPerTenant,
    maximumWaiting: limits.waiting,
    maximumWaitingPerHost: limits.waitingPerHost,
    maximumWaitingPerTenant: limits.waitingPerTenant,
  });
  const cache = new DocumentCache({
    clock,
    maximumEntries: limits.cachedDocuments,
    maximumBytes: limits.cachedBytes,
    failureMilliseconds: limits.failureMilliseconds,
  });

  const exchangeFor =
    (tenant: TenantId): Exchange =>
    (target, request, signal) =>
      lanes.run({ host: target.url.host, tenant }, signal, () => exchange(target, request, signal));

  async function get(address: string, options: FetchOptions) {
    const { freshness = defaultFreshness } = options;
    const { body, headers } = await follow(address, options, timeLimit(limits.totalMilliseconds));
    const now = clock();
    return { text: body.toString("utf8"), fetchedAt: now, freshUntil: later(now, freshMilliseconds(headers, now, freshness)) };
  }

  async function follow(
    address: string,
    { tenant, accept, maximumBytes, staysAtHost = false }: FetchOptions,
    signal: AbortSignal,
  ): Promise<ExchangeReply> {
    let target = parseTarget(address, allowedHosts);
    const { hostname } = target.url;
    for (let hops = 0; hops <= limits.maximumRedirects; hops++) {
      const reply = await exchangeFor(tenant)(target, { method: "GET", headers: { Accept: accept }, maximumBytes }, signal);
      if (!redirects.has(reply.status)) return successful(reply);
      const { location } = reply.headers;
      if (location === undefined) throw new OutboundError("redirected", `${reply.status} without a Location`);
      target = parseTarget(location, allowedHosts, target.url);
      if (staysAtHost && target.url.hostname !== hostname) throw new OutboundError("redirected", "it redirects to another host");
    }
    throw new OutboundError("redirected", `there are more than ${limits.maximumRedirects} redirects`);
  }

  function fetchDocument(url: string, options: FetchOptions): Promise<FetchedDocument> {
    const { tenant, accept, maximumBytes, maximumAgeMilliseconds: age, staysAtHost = false } = options;
    const newerThan = age === undefined ? undefined : later(clock(), -age);
    // Each tenant has its own: nobody waits for what another tenant has no room for.
    const key = `${tenant} ${accept} ${maximumBytes} ${staysAtHost} ${url}`;
    return cache.get(key, newerThan, () => get(url, options));
  }

  return {
    check: (url) => void parseTarget(url, allowedHosts),
    fetchText: async (url, options) => (await fetchDocument(url, options)).text,
    fetchJson: async (url, options) => parsedJson(await fetchDocument(url, options)),
    async post(url, { tenant, contentType, body, maximumBytes = defaultPostReplyBytes, totalMilliseconds, signal }) {
      const limit = timeLimit(totalMilliseconds ?? defaultPostMilliseconds);
      const headers = { "Content-Type": contentType, "Content-Length": String(Buffer.byteLength(body)) };
      const both = signal === undefined ? limit : AbortSignal.any([limit, signal]);
      const target = parseTarget(url, allowedHosts);
      const { status } = await exchangeFor(tenant)(target, { method: "POST", headers, body, maximumBytes }, both);
      return { status };
    },
  };
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function successful(reply: ExchangeReply): ExchangeReply {
  if (reply.status !== 200) throw new OutboundError("status", `the reply has the status ${reply.status}`);
  const encoding = reply.headers["content-encoding"];
  if (encoding !== undefined && encoding !== "identity") throw new OutboundError("malformed", "the reply is encoded, unasked");
  return reply;
}

/** Aborts with the very error that is thrown for it. */
function timeLimit(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort(new OutboundError("timed_out", `it took more than ${milliseconds} ms`));
  setTimeout(abort, milliseconds).unref();
  return controller.signal;
}
