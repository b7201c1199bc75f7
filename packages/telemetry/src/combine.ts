import type { LineLog } from "./line-log.ts";
import type { Metrics, Side } from "./metrics.ts";
import type {
  CallObserver,
  KeyChangeCounter,
  LookUpListener,
  ObservedWork,
  RequestObserver,
  StoreObserver,
  UntoldCounter,
} from "./observers.ts";
import { probes } from "./probes.ts";
import type { ActiveSpan, InnerSpan, Tracing } from "./tracing.ts";

/** What is on. */
export interface Listeners {
  readonly log: LineLog;
  readonly metrics: Metrics | undefined;
  readonly tracing: Tracing | undefined;
}

export function requestObserver({ log, metrics, tracing }: Listeners): RequestObserver | undefined {
  if (log.request === undefined && metrics === undefined && tracing === undefined) return undefined;
  return {
    begin(request) {
      const span = probes.has(request.endpoint) ? undefined : tracing?.beginRequest(request);
      metrics?.requestBegan();
      const beginning = performance.now();
      return {
        run: runIn(span),
        end(answer) {
          const milliseconds = performance.now() - beginning;
          metrics?.requestEnded(request.endpoint, request.method, answer.status, milliseconds / 1000);
          log.request?.(request, answer, milliseconds, span?.traceId);
          span?.end(answer);
        },
      };
    },
  };
}

export function callObserver(side: Side, { log, metrics, tracing }: Listeners): CallObserver | undefined {
  // Who made a call has the line of whoever served it.
  const logCall = side === "server" ? log.call : undefined;
  if (logCall === undefined && metrics === undefined && tracing === undefined) return undefined;
  return {
    begin(call) {
      const span = side === "server" ? tracing?.beginServed(call) : tracing?.beginMade(call);
      metrics?.callBegan(side, call.service);
      const beginning = performance.now();
      return {
        traceparent: span?.traceparent,
        run: runIn(span),
        end(outcome) {
          const milliseconds = performance.now() - beginning;
          metrics?.callEnded(side, call.service, call.method, outcome, milliseconds / 1000);
          logCall?.(call, outcome, milliseconds, span?.traceId);
          span?.end(outcome);
        },
      };
    },
  };
}

export function storeObserver({ metrics, tracing }: Listeners): StoreObserver | undefined {
  if (metrics === undefined && tracing === undefined) return undefined;
  return {
    begin(store, verb) {
      const span: InnerSpan | undefined = tracing?.beginOperation(store, verb);
      metrics?.operationBegan(store);
      const beginning = performance.now();
      return {
        run: runIn(span),
        end(outcome) {
          metrics?.operationEnded(store, verb, outcome, (performance.now() - beginning) / 1000);
          span?.end(outcome);
        },
      };
    },
  };
}

export function lookUpListener({ metrics }: Listeners): LookUpListener | undefined {
  return metrics && ((cache, isHit) => metrics.lookedUp(cache, isHit));
}

export function keyChangeCounter({ metrics }: Listeners): KeyChangeCounter | undefined {
  return metrics && ((reason) => metrics.keysChanged(reason));
}

export function untoldCounter({ metrics }: Listeners): UntoldCounter | undefined {
  return metrics && ((reason, count) => metrics.signOutsUntold(reason, count));
}

function runIn(span: ActiveSpan | undefined): ObservedWork["run"] {
  return span === undefined ? runAlone : span.run;
}

function runAlone<Result>(work: () => Result): Result {
  return work();
}
