// What the parts of Signet tell of their work. Each part has its own interface for it, so that none depends on this package; these are the same.

export interface ObservedWork {
  /** Does the work, which gets to know what it is a part of. */
  run<Result>(work: () => Result): Result;
}

export interface RequestStart {
  readonly id: string;
  readonly method: string;
  /** The path's template, never what was sent. */
  readonly endpoint: string;
  readonly traceparent: string | undefined;
}

export interface RequestEnd {
  readonly status: number;
  readonly tenant?: string;
  readonly clientId?: string;
}

export interface RequestObserver {
  begin(request: RequestStart): ObservedWork & { end(answer: RequestEnd): void };
}

export interface CallStart {
  readonly service: string;
  readonly method: string;
  readonly requestId: string;
  readonly caller: string | undefined;
  readonly isFromOwnService: boolean;
  readonly traceparent: string | undefined;
}

export interface CallObserver {
  begin(call: CallStart): ObservedWork & { readonly traceparent: string | undefined; end(outcome: string): void };
}

export interface StoreObserver {
  begin(store: string, verb: string): ObservedWork & { end(outcome: string): void };
}

export type LookUpListener = (cache: string, isHit: boolean) => void;

/** Hears of each change of signing keys, by its reason. */
export type KeyChangeCounter = (reason: "scheduled" | "requested" | "emergency") => void;

/** Hears of sign-outs of which applications will not be told, and why. */
export type UntoldCounter = (reason: "given_up" | "crowded_out", count: number) => void;

export interface Observers {
  /** For `createGateway`. */
  readonly requests: RequestObserver | undefined;
  /** For `observedService`. */
  readonly callsServed: CallObserver | undefined;
  /** For `observedClient`. */
  readonly callsMade: CallObserver | undefined;
  /** For `observedStores`. */
  readonly stores: StoreObserver | undefined;
  /** For `createDirectory`. */
  readonly onLookUp: LookUpListener | undefined;
  /** For `keyChangeListener`. */
  readonly onKeyChange: KeyChangeCounter | undefined;
  /** For `untoldListeners`. */
  readonly onUntold: UntoldCounter | undefined;
}
