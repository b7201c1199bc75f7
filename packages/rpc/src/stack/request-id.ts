import { randomBytes } from "node:crypto";
import { type CallContext, type CallOptions, Metadata, type MetadataValue } from "nice-grpc-common";

/** The metadata that says whose request a call is. */
export const requestIdKey = "x-request-id";

const prefix = randomBytes(6).toString("hex");
let count = 0;
/** What `newRequestId` makes; a counter's digits are no more than those of the largest safe integer. */
const shape = /^[0-9a-f]{18,26}$/;

/** Unique among all requests to all replicas; not a secret. A counter behind a prefix of this process: drawing random bytes for each would cost more. */
export function newRequestId(): string {
  count += 1;
  return `${prefix}${count.toString(16).padStart(6, "0")}`;
}

/** Metadata that say whose request a call is, and nothing else until more is set: few calls carry more, and the whole is made for those alone. */
class RequestMetadata implements Metadata {
  readonly #id: string;
  #made: Metadata | undefined;

  constructor(id: string) {
    this.#id = id;
  }

  get #whole(): Metadata {
    this.#made ??= Metadata().set(requestIdKey, this.#id);
    return this.#made;
  }

  get requestId(): string {
    return this.#made === undefined ? this.#id : (this.#made.get(requestIdKey) ?? "");
  }

  /** Whether nothing else can have been set. */
  get saysNothingElse(): boolean {
    return this.#made === undefined;
  }

  set<Key extends string>(name: Key, value: MetadataValue<Key> | MetadataValue<Key>[]): Metadata {
    return this.#whole.set(name, value);
  }

  append<Key extends string>(name: Key, value: MetadataValue<Key>): Metadata {
    return this.#whole.append(name, value);
  }

  delete(name: string): void {
    this.#whole.delete(name);
  }

  get<Key extends string>(name: Key): MetadataValue<Key> | undefined {
    return this.#whole.get(name);
  }

  getAll<Key extends string>(name: Key): MetadataValue<Key>[] {
    return this.#whole.getAll(name);
  }

  has(name: string): boolean {
    return this.#whole.has(name);
  }

  [Symbol.iterator](): IterableIterator<[string, (string | Uint8Array)[]]> {
    return this.#whole[Symbol.iterator]();
  }
}

/** Metadata that say nothing but whose request a call is; undefined for an id that `newRequestId` does not make. */
export function requestMetadata(id: string): Metadata | undefined {
  return shape.test(id) ? new RequestMetadata(id) : undefined;
}

/** The id in metadata that say nothing else; undefined for any other. */
export function soleRequestId(metadata: Metadata): string | undefined {
  return metadata instanceof RequestMetadata && metadata.saysNothingElse ? metadata.requestId : undefined;
}

/** Options of a call that belongs to the request `id`: what any service logs of it can be found under that id. */
export function inRequest(id: string): CallOptions {
  return { metadata: new RequestMetadata(id) };
}

/** Options of a call that a service makes while it serves another: the same request, no longer than the caller waits. */
export function onBehalfOf(context: CallContext): CallOptions {
  return { ...inRequest(requestIdOf(context)), signal: context.signal };
}

/** Empty where the caller gave none, or what `newRequestId` does not make: it stands in logs and traces, and is sent on. */
export function requestIdOf(context: CallContext): string {
  return requestIdOfMetadata(context.metadata);
}

/** Of the metadata that a call is made with; empty likewise. */
export function requestIdOfMetadata(metadata: Metadata | undefined): string {
  const id = metadata instanceof RequestMetadata ? metadata.requestId : (metadata?.get(requestIdKey) ?? "");
  return shape.test(id) ? id : "";
}
