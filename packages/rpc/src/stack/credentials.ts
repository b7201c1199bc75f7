import { createHash, timingSafeEqual } from "node:crypto";
import { type CallContext, ClientError, Metadata, ServerError, Status } from "nice-grpc-common";
import type { Guard } from "../server/dispatcher.ts";
import { asCurrent, type Current } from "./current.ts";

/** Who may call a server, and what. */
export interface Caller {
  /** For logs. */
  readonly name: string;
  /** What it is to the services that it calls, where they answer one caller otherwise than another. */
  readonly role?: string;
  /** Whether it is a service of the same Signet: only then is what it says of the trace that its call belongs to taken over. */
  readonly isOwnService?: boolean;
  /** Service tokens that show that it is this one. While one is being replaced, both the old and the new. At least 32 characters each. */
  readonly tokens?: readonly string[];
  /** Or the common name of its client certificate, where the server verifies those. */
  readonly certificateName?: string;
  /** Services (`signet.token.v1.TokenService`) and methods (`/signet.token.v1.TokenService/Exchange`) that it may use; `*` for all. */
  readonly may: readonly string[];
}

export interface ServerCredentials {
  /**
   * Where they change, the new ones count at once: a token or a right that is gone opens no further call, also on a connection that was opened
   * with it, and its streams of messages end with UNAVAILABLE, to be begun again. Unary calls that have begun go on to their end.
   */
  readonly callers: readonly Caller[] | Current<readonly Caller[]>;
  /** Services that anybody may use, such as `grpc.health.v1.Health`. */
  readonly open?: readonly string[];
}

export interface ClientCredentials {
  /** The service token that shows who calls. */
  readonly token: string;
}

/** What a connection or a call shows of its caller. */
export interface Evidence {
  /** The value of the `authorization` metadata. */
  readonly authorization: string | undefined;
  readonly certificateName: string | undefined;
}

/** Why a call is not answered. */
export interface Refusal {
  readonly code: Status;
  readonly details: string;
}

export const unknownCaller: Refusal = { code: Status.UNAUTHENTICATED, details: "a service token is required" };

/** The interceptor of a server that knows its callers. */
export interface Authorizer {
  /** Who shows this; undefined for nobody that is known. Takes the same time whichever token is compared. */
  identify(evidence: Evidence): Caller | undefined;
  /** Why the caller may not use the method; undefined where it may. */
  refusal(path: string, caller: Caller | undefined): Refusal | undefined;
  /**
   * Lets a call pass whose caller, as `identified` or as its own metadata says, may use the method.
   * @throws ServerError UNAUTHENTICATED without a known caller, PERMISSION_DENIED where it may not use the method
   */
  readonly guard: Guard;
  /** Hears that the callers have changed: who was identified before may be nobody now. Until the returned function is called. */
  onReplaced(listener: () => void): () => void;
  /** The server has ended. */
  close(): void;
}

const shortestToken = 32;
/** The name of the scheme is case-insensitive (RFC 9110 section 11.1). */
const bearer = /^Bearer (.+)$/i;
const identified = new WeakMap<CallContext, Caller | undefined>();

/** Says who makes the call of this context, for the carriers that know it by other means than the call's own metadata. */
export function setCaller(context: CallContext, caller: Caller | undefined): void {
  identified.set(context, caller);
}

/** The name of the caller of this context; undefined on a server that has no credentials, and in an open service. */
export function callerOf(context: CallContext): string | undefined {
  return identified.get(context)?.name;
}

/** The role of the caller of this context; undefined likewise, and for a caller without one. */
export function roleOf(context: CallContext): string | undefined {
  return identified.get(context)?.role;
}

/** Whether the caller of this context is known to be a service of the same Signet. */
export function isFromOwnService(context: CallContext): boolean {
  return identified.get(context)?.isOwnService ?? false;
}

/** @throws Error for a token that is too short to be one */
export function authorize({ callers, open = [] }: ServerCredentials): Authorizer {
  const source = asCurrent(callers);
  const openServices = new Set(open);
  const listeners = new Set<() => void>();
  let known = source.value.map(withHashes);
  const forget = source.onChange((replacement) => {
    known = replacement.map(withHashes);
    for (const listener of [...listeners]) listener();
  });

  function identify({ authorization, certificateName }: Evidence): Caller | undefined {
    const token = authorization === undefined ? undefined : bearer.exec(authorization)?.[1];
    let found: Caller | undefined;
    if (authorization !== undefined) {
      if (token === undefined) return undefined;
      const hash = sha256(token);
      for (const { caller, hashes } of known) for (const one of hashes) if (timingSafeEqual(one, hash)) found = caller;
      return found;
    }
    if (certificateName === undefined) return undefined;
    return known.find(({ caller }) => caller.certificateName === certificateName)?.caller;
  }

  function refusal(path: string, caller: Caller | undefined): Refusal | undefined {
    const service = path.slice(1, path.lastIndexOf("/"));
    if (openServices.has(service)) return undefined;
    if (caller === undefined) return unknownCaller;
    const may = rightsOf(caller);
    if (may.has("*") || may.has(service) || may.has(path)) return undefined;
    return { code: Status.PERMISSION_DENIED, details: `${caller.name} may not use this method` };
  }

  return {
    identify,
    refusal,
    guard(path, context) {
      if (!identified.has(context)) {
        setCaller(context, identify({ authorization: context.metadata.get("authorization"), certificateName: undefined }));
      }
      const refused = refusal(path, identified.get(context));
      if (refused !== undefined) throw new ServerError(refused.code, refused.details);
    },
    onReplaced(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: forget,
  };
}

const rights = new WeakMap<Caller, ReadonlySet<string>>();

function rightsOf(caller: Caller): ReadonlySet<string> {
  let may = rights.get(caller);
  if (may === undefined) {
    may = new Set(caller.may);
    rights.set(caller, may);
  }
  return may;
}

function withHashes(caller: Caller): { readonly caller: Caller; readonly hashes: readonly Buffer[] } {
  return { caller, hashes: (caller.tokens ?? []).map((token) => sha256(checked(caller, token))) };
}

/**
 * What a stream of messages ends with that its caller may not have any more. A caller that has other credentials by now is to begin it again; any
 * other hears then why it may not.
 */
export function withdrawn(path: string): ClientError {
  return new ClientError(path, Status.UNAVAILABLE, "the credentials that this was begun with are accepted no longer");
}

/** The metadata that shows who calls. */
export function credentialMetadata({ token }: ClientCredentials): Metadata {
  return Metadata().set("authorization", `Bearer ${token}`);
}

/** The metadata of a call with the service token added, for the carriers that have no connection to show it on. */
export function withCredentials(metadata: Metadata | undefined, credentials: Current<ClientCredentials>): Metadata {
  return Metadata(metadata).set("authorization", `Bearer ${credentials.value.token}`);
}

function checked({ name }: Caller, token: string): string {
  if (token.length < shortestToken) throw new Error(`a service token of ${name} has fewer than ${shortestToken} characters`);
  return token;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
