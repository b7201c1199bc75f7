import type { CallContext } from "nice-grpc-common";
import { rebuilt } from "../errors/client-errors.ts";
import { toServerError } from "../errors/server-errors.ts";
import { type Codec, codecsOf, pathOf, type ServiceDefinition } from "../service-definition.ts";
import { clientError, type InProcessOptions } from "./in-process.ts";
import { InProcessCall, type InProcessCallOptions } from "./in-process-call.ts";

type UnaryMethod = (request: unknown, options?: InProcessCallOptions) => Promise<unknown>;
type Handler = (request: unknown, context: CallContext) => Promise<unknown>;

/**
 * The unary methods of a service in this process. They do what the two stacks of middleware do – the deadline, the errors' way through their wire form –
 * by the same functions in one, without a generator a layer: 13 µs less of a call, of which a token request makes one or two. A message is copied with
 * the wire's defaults and omissions; to write its bytes and read them again would give the same (decision 0054) for some 8 µs more.
 */
export function unaryInProcess(
  definition: ServiceDefinition,
  implementation: object,
  options: InProcessOptions,
): Readonly<Record<string, UnaryMethod>> {
  const methods: Record<string, UnaryMethod> = {};
  for (const [key, method] of Object.entries(definition.methods)) {
    if (method.responseStream) continue;
    // The generated definition and implementation name the same methods.
    const handler = (implementation as Record<string, Handler>)[key];
    if (handler === undefined) throw new Error(`${definition.fullName} has no implementation of ${key}`);
    const { request, response } = codecsOf(definition, method);
    methods[key] = unary({ path: pathOf(definition, method), request, response, handler: handler.bind(implementation), options });
  }
  return methods;
}

interface Parts {
  readonly path: string;
  readonly request: Codec;
  readonly response: Codec;
  readonly handler: Handler;
  readonly options: InProcessOptions;
}

function unary({ path, request: requestCodec, response: responseCodec, handler, options: { onError } }: Parts): UnaryMethod {
  async function handled(message: unknown, context: CallContext): Promise<unknown> {
    try {
      return await handler(message, context);
    } catch (error) {
      onError?.(error, { path, context });
      throw clientError(path, toServerError(error, context));
    }
  }

  return async (request, callOptions = {}) => {
    let call: InProcessCall | undefined;
    try {
      const begun = new InProcessCall(path, callOptions);
      call = begun;
      const reply = await begun.untilOver(() => handled(requestCodec.fromPartial(request), begun));
      return responseCodec.fromPartial(reply);
    } catch (error) {
      // Nothing but the handler answers here.
      throw rebuilt(error, call?.errorTrailer, { ownServices: false });
    } finally {
      call?.end();
    }
  };
}
