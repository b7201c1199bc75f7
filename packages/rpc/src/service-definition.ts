import type { BinaryWriter } from "@bufbuild/protobuf/wire";

/** How the messages of one type become bytes: what ts-proto generates. */
export interface Codec {
  encode(message: unknown, writer: BinaryWriter): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
  fromPartial(message: unknown): unknown;
}

export interface MethodDefinition {
  readonly name: string;
  readonly requestType: object;
  readonly requestStream: boolean;
  readonly responseType: object;
  readonly responseStream: boolean;
  readonly options: { readonly idempotencyLevel?: "IDEMPOTENT" | "NO_SIDE_EFFECTS" };
}

/** The part of a generated service definition that a carrier needs. */
export interface ServiceDefinition {
  readonly fullName: string;
  readonly methods: Readonly<Record<string, MethodDefinition>>;
}

/** A service and what carries it out: `{ definition: token.TokenServiceDefinition, implementation: composeToken(…).service }`. */
export interface Service {
  readonly definition: ServiceDefinition;
  readonly implementation: object;
}

/** A method's name on the wire, as in gRPC. */
export function pathOf(definition: ServiceDefinition, method: MethodDefinition): string {
  return `/${definition.fullName}/${method.name}`;
}

/**
 * The codecs of a method. Their types differ per message, which no carrier looks into.
 * @throws Error for a stream of requests, which no service of Signet has
 */
export function codecsOf(definition: ServiceDefinition, method: MethodDefinition): { request: Codec; response: Codec } {
  if (method.requestStream) throw new Error(`${pathOf(definition, method)}: a stream of requests cannot be carried`);
  return { request: method.requestType as Codec, response: method.responseType as Codec };
}
