import { OAuthError, RateLimitedError, ResourceError } from "@signet/protocol";
import { type CallContext, type CallOptions, ClientError, Metadata, ServerError, Status } from "nice-grpc-common";
import type { MethodDefinition, Service, ServiceDefinition } from "../service-definition.ts";
import { callerOf, isFromOwnService } from "./credentials.ts";
import { requestIdOf, requestIdOfMetadata } from "./request-id.ts";

/** Hears of each unary call at one end of it. Where there is none, nothing is wrapped, and a call pays nothing. */
export interface CallObserver {
  /** A call begins. */
  begin(call: ObservableCall): ObservedCall;
}

export interface ObservableCall {
  /** `signet.token.v1.TokenService`. */
  readonly service: string;
  readonly method: string;
  /** Empty where the caller gave none. */
  readonly requestId: string;
  /** Who calls, at the server's end, where it is known. */
  readonly caller: string | undefined;
  /** Whether the caller is known to be a service of the same Signet. */
  readonly isFromOwnService: boolean;
  /** The span that a server was called from (W3C Trace Context), as the caller sent it. */
  readonly traceparent: string | undefined;
}

export interface ObservedCall {
  /** What a client sends along, for the server's span to have a parent. */
  readonly traceparent: string | undefined;
  /** Does the call's work, which gets to know that it is a part of the call. */
  run<Result>(work: () => Result): Result;
  /** The call is over. `ok`, an OAuth error's code, the kind of a resource error, `limited`, or the name of a gRPC status: one of some thirty words. */
  end(outcome: string): void;
}

type UnaryHandler = (request: unknown, context: CallContext) => Promise<unknown>;
type UnaryMethod = (request: unknown, options?: CallOptions) => Promise<unknown>;

/** Metadata of the caller's span, as HTTP names it. */
const traceparentKey = "traceparent";

/** The service, each unary call of it observed: what it takes from the handler's beginning to its end. */
export function observedService(service: Service, observer: CallObserver | undefined): Service {
  if (observer === undefined) return service;
  const { definition, implementation } = service;
  const wrap = (handler: UnaryHandler, method: MethodDefinition) => (request: unknown, context: CallContext) => {
    const call = observer.begin(new ServedCall(definition.fullName, method.name, context));
    return observed(call, () => handler(request, context));
  };
  return { definition, implementation: wrapUnary<UnaryHandler>(definition, implementation, wrap) };
}

/** The client, each unary call of it observed: what its caller waits for, repeated attempts included. */
export function observedClient<Client>(
  definition: ServiceDefinition,
  client: Client,
  observer: CallObserver | undefined,
): Client {
  if (observer === undefined) return client;
  const wrap =
    (send: UnaryMethod, method: MethodDefinition): UnaryMethod =>
    (request, options) => {
      const call = observer.begin(new MadeCall(definition.fullName, method.name, options));
      return observed(call, () => send(request, withTraceparent(options, call.traceparent)));
    };
  return wrapUnary<UnaryMethod>(definition, client as object, wrap) as Client;
}

/** What is looked for in the metadata is looked for when it is asked for: not every observer does, and metadata may only be made then. */
class ServedCall implements ObservableCall {
  readonly service: string;
  readonly method: string;
  readonly #context: CallContext;

  constructor(service: string, method: string, context: CallContext) {
    this.service = service;
    this.method = method;
    this.#context = context;
  }

  get requestId(): string {
    return requestIdOf(this.#context);
  }

  get caller(): string | undefined {
    return callerOf(this.#context);
  }

  get isFromOwnService(): boolean {
    return isFromOwnService(this.#context);
  }

  get traceparent(): string | undefined {
    return this.#context.metadata.get(traceparentKey);
  }
}

class MadeCall implements ObservableCall {
  readonly service: string;
  readonly method: string;
  readonly caller = undefined;
  readonly isFromOwnService = false;
  readonly traceparent = undefined;
  readonly #options: CallOptions | undefined;

  constructor(service: string, method: string, options: CallOptions | undefined) {
    this.service = service;
    this.method = method;
    this.#options = options;
  }

  get requestId(): string {
    return requestIdOfMetadata(this.#options?.metadata);
  }
}

/** The members of `methods`, those that are unary wrapped. The generated definition, client and implementation name the same methods. */
function wrapUnary<Method extends (...parameters: never[]) => unknown>(
  definition: ServiceDefinition,
  methods: object,
  wrap: (method: Method, definition: MethodDefinition) => Method,
): Record<string, Method> {
  const named = methods as Record<string, Method>;
  const wrapped: Record<string, Method> = {};
  for (const [key, method] of Object.entries(definition.methods)) {
    const bound = named[key]?.bind(methods) as Method | undefined;
    if (bound !== undefined) wrapped[key] = method.responseStream ? bound : wrap(bound, method);
  }
  return wrapped;
}

async function observed<Result>(call: ObservedCall, work: () => Promise<Result>): Promise<Result> {
  try {
    const result = await call.run(work);
    call.end("ok");
    return result;
  } catch (error) {
    call.end(outcomeOf(error));
    throw error;
  }
}

function withTraceparent(options: CallOptions = {}, traceparent: string | undefined): CallOptions {
  if (traceparent === undefined) return options;
  return { ...options, metadata: Metadata(options.metadata).set(traceparentKey, traceparent) };
}

/** In a word, of which there are few; nothing of the error's text. */
function outcomeOf(error: unknown): string {
  if (error instanceof OAuthError) return error.code;
  if (error instanceof ResourceError) return error.kind;
  if (error instanceof RateLimitedError) return "limited";
  if (error instanceof ClientError || error instanceof ServerError) return Status[error.code].toLowerCase();
  return "internal";
}
