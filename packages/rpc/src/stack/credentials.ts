import { createHash, timingSafeEqual } from "node:crypto";
import { type CallContext, type CallOptions, type ClientMiddleware, Metadata, ServerError, Status } from "nice-grpc-common";
import type { Guard } from "../server/dispatcher.ts";

/** Who may call a server, and what. */
export interface Caller {
  /** For logs. */
  readonly name: string;
  /** Service tokens that show that it is this one. While one is being replaced, both the old and the new. At least 32 characters each. */
  readonly tokens?: readonly string[];
  /** Or the common name of its client certificate, where the server verifies those. */
  readonly certificateName?: string;
  /** Services (`signet.token.v1.TokenService`) and methods (`/signet.token.v1.TokenService/Exchange`) that it may use; `*` for all. */
  readonly may: readonly string[];
}

export interface ServerCredentials {
  readonly callers: readonly Caller[];
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

/** The interceptor of a server that knows its callers. */
export interface Authorizer {
  /** Who shows this; undefined for nobody that is known. Takes the same time whichever token is compared. */
  identify(evidence: Evidence): Caller | undefined;
  /**
   * Lets a call pass whose caller, as `identified` or as its own metadata says, may use the method.
   * @throws ServerError UNAUTHENTICATED without a known caller, PERMISSION_DENIED where it may not use the method
   */
  readonly guard: Guard;
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

/** @throws Error for a token that is too short to be one */
export function authorize({ callers, open = [] }: ServerCredentials): Authorizer {
  const known = callers.map((caller) => ({
    caller,
    hashes: (caller.tokens ?? []).map((token) => sha256(checked(caller, token))),
  }));
  const rights = new Map(callers.map((caller) => [caller, new Set(caller.may)]));
  const openServices = new Set(open);

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
    return callers.find((caller) => caller.certificateName === certificateName);
  }

  return {
    identify,
    guard(path, context) {
      const service = path.slice(1, path.lastIndexOf("/"));
      if (openServices.has(service)) return;
      if (!identified.has(context)) {
        setCaller(context, identify({ authorization: context.metadata.get("authorization"), certificateName: undefined }));
      }
      const caller = identified.get(context);
      if (caller === undefined) throw new ServerError(Status.UNAUTHENTICATED, "a service token is required");
      const may = rights.get(caller);
      if (may?.has("*") || may?.has(service) || may?.has(path)) return;
      throw new ServerError(Status.PERMISSION_DENIED, `${caller.name} may not use this method`);
    },
  };
}

/** The metadata that shows who calls. */
export function credentialMetadata({ token }: ClientCredentials): Metadata {
  return Metadata().set("authorization", `Bearer ${token}`);
}

/** Adds the service token to each call, for the carriers that have no connection to show it on. */
export function showCredentials({ token }: ClientCredentials): ClientMiddleware {
  const authorization = `Bearer ${token}`;
  return (call, options: CallOptions) =>
    call.next(call.request, { ...options, metadata: Metadata(options.metadata).set("authorization", authorization) });
}

function checked({ name }: Caller, token: string): string {
  if (token.length < shortestToken) throw new Error(`a service token of ${name} has fewer than ${shortestToken} characters`);
  return token;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
