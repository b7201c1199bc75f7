import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { CallStart, RequestEnd, RequestStart } from "./observers.ts";
import { formatTraceparent, parseTraceparent } from "./trace-context.ts";

export interface TracingOptions {
  readonly service: string;
  /** Of the collector: `/v1/traces` is added where the URL does not end in it. */
  readonly url: string;
  /** Which share of the traces that begin here is recorded: all unless said otherwise. What a service of the same Signet has decided holds. */
  readonly share?: number | undefined;
  /** Hears once of a row of failures. */
  readonly onFailure: (error: Error | undefined) => void;
}

/** A span, and what can be done within it. */
export interface ActiveSpan {
  readonly traceId: string;
  readonly traceparent: string;
  run<Result>(work: () => Result): Result;
}

export interface RequestSpan extends ActiveSpan {
  end(answer: RequestEnd): void;
}

export interface InnerSpan extends ActiveSpan {
  end(outcome: string): void;
}

/** One trace from the gateway to the stores. Spans carry names, ids and outcomes; nothing of what was sent, and no error's text. */
export interface Tracing {
  beginRequest(request: RequestStart): RequestSpan;
  /** A part of the caller's trace where that is a service of the same Signet, or of what is under way in this process; any other claim is a link. */
  beginServed(call: CallStart): InnerSpan;
  /** Undefined outside a trace. */
  beginMade(call: CallStart): InnerSpan | undefined;
  beginOperation(store: string, verb: string): InnerSpan | undefined;
  /** Of the trace that what is under way is a part of. */
  traceId(): string | undefined;
  /** Sends what has ended. Takes no longer than 2 s. */
  stop(): Promise<void>;
}

const exportMilliseconds = 2_000;
const intervalMilliseconds = 1_000;

export function startTracing({ service, url, share = 1, onFailure }: TracingOptions): Tracing {
  const exporter = heardExporter(new OTLPTraceExporter({ url: tracesUrl(url), timeoutMillis: exportMilliseconds }), onFailure);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": `signet-${service}`, "service.instance.id": randomHex(8) }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    idGenerator: { generateTraceId: () => randomHex(16), generateSpanId: () => randomHex(8) },
    spanProcessors: [
      new BatchSpanProcessor({ exporter, scheduledDelayMillis: intervalMilliseconds, exportTimeoutMillis: exportMilliseconds }),
    ],
  });
  const tracer = provider.getTracer("signet");
  const active = new AsyncLocalStorage<Span>();

  function begin(name: string, kind: SpanKind, attributes: Attributes, parent: Context, links: Link[] = []) {
    const span = tracer.startSpan(name, { kind, attributes, links }, parent);
    const spanContext = span.spanContext();
    return {
      span,
      traceId: spanContext.traceId,
      traceparent: formatTraceparent(spanContext),
      run: <Result>(work: () => Result) => active.run(span, work),
    };
  }

  function beginInner(name: string, kind: SpanKind, attributes: Attributes, parent: Context, links?: Link[]): InnerSpan {
    const begun = begin(name, kind, attributes, parent, links);
    return {
      ...begun,
      end(outcome) {
        begun.span.setAttribute("signet.outcome", outcome);
        if (faults.has(outcome)) begun.span.setStatus({ code: SpanStatusCode.ERROR, message: outcome });
        begun.span.end();
      },
    };
  }

  function withinActive(name: string, kind: SpanKind, attributes: () => Attributes): InnerSpan | undefined {
    const parent = active.getStore();
    return parent && beginInner(name, kind, attributes(), trace.setSpan(ROOT_CONTEXT, parent));
  }

  return {
    beginRequest({ id, method, endpoint, traceparent }) {
      const claimed = parseTraceparent(traceparent);
      const attributes = { "http.request.method": method, "http.route": endpoint, "signet.request_id": id };
      // Anybody can claim to be a part of any trace, and ask for it to be recorded: it stays a link, and the trace is Signet's own.
      const links = claimed === undefined ? [] : [{ context: { ...claimed, isRemote: true } }];
      const begun = begin(`${method} ${endpoint}`, SpanKind.SERVER, attributes, ROOT_CONTEXT, links);
      return {
        ...begun,
        end({ status, tenant, clientId }) {
          begun.span.setAttribute("http.response.status_code", status);
          if (tenant !== undefined) begun.span.setAttribute("signet.tenant", tenant);
          if (clientId !== undefined) begun.span.setAttribute("signet.client_id", clientId);
          if (status >= 500) begun.span.setStatus({ code: SpanStatusCode.ERROR });
          begun.span.end();
        },
      };
    },
    beginServed(call) {
      const claimed = parseTraceparent(call.traceparent);
      const remote = claimed && { ...claimed, isRemote: true };
      const around = active.getStore();
      let parent = ROOT_CONTEXT;
      let links: Link[] = [];
      if (remote !== undefined && call.isFromOwnService) parent = trace.setSpanContext(ROOT_CONTEXT, remote);
      else if (around !== undefined) parent = trace.setSpan(ROOT_CONTEXT, around);
      else if (remote !== undefined) links = [{ context: remote }];
      return beginInner(nameOf(call), SpanKind.SERVER, attributesOf(call), parent, links);
    },
    beginMade: (call) => withinActive(nameOf(call), SpanKind.CLIENT, () => attributesOf(call)),
    beginOperation: (store, verb) =>
      withinActive(`${store}.${verb}`, SpanKind.CLIENT, () => ({ "signet.store": store, "signet.verb": verb })),
    traceId: () => active.getStore()?.spanContext().traceId,
    // Of what cannot be sent, the exporter has told.
    stop: () => provider.shutdown().catch(() => {}),
  };
}

/** Outcomes that are somebody's fault here; the others are answers. */
const faults: ReadonlySet<string> = new Set([
  "internal",
  "error",
  "unavailable",
  "deadline_exceeded",
  "server_error",
  "resource_exhausted",
  "unknown",
  "unimplemented",
  "data_loss",
]);

function nameOf({ service, method }: CallStart): string {
  return `${service}/${method}`;
}

function attributesOf({ service, method, requestId, caller }: CallStart): Attributes {
  return {
    "rpc.system": "grpc",
    "rpc.service": service,
    "rpc.method": method,
    ...(requestId !== "" && { "signet.request_id": requestId }),
    ...(caller !== undefined && { "signet.caller": caller }),
  };
}

function tracesUrl(url: string): string {
  return /\/v1\/traces\/?$/.test(url) ? url : `${url.replace(/\/$/, "")}/v1/traces`;
}

function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

/** The exporter; the first failure after a success is told of. */
function heardExporter(exporter: OTLPTraceExporter, onFailure: TracingOptions["onFailure"]): SpanExporter {
  let isFailing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.code !== 0;
        if (failed && !isFailing) onFailure(result.error);
        isFailing = failed;
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
  };
}
