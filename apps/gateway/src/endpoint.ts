import type { auth, registry, token } from "@signet/contracts";
import type { Tenant } from "@signet/protocol";
import type { Directory } from "@signet/registry-client";
import type { Logger } from "@signet/telemetry";
import type { Admission } from "./admission/admission.ts";
import type { BusyRefusal } from "./admission/refuse-busy.ts";
import type { CookieJar } from "./cookies/cookie.ts";
import type { ErrorStyle } from "./errors/error-style.ts";
import type { Reply } from "./http/reply.ts";
import type { HostRequest, IssuerRequest } from "./http/request.ts";
import type { LastKnown } from "./last-known.ts";
import type { PeerReader } from "./peer/peer.ts";
import type { RefusalRecorder } from "./refusals/refusal-recorder.ts";
import type { RequestObserver } from "./request-observer.ts";

/** All that an endpoint may use. */
export interface Services {
  readonly auth: auth.AuthServiceClient;
  readonly tokens: token.TokenServiceClient;
  readonly registry: registry.ClientRegistryServiceClient;
  readonly directory: Directory;
  /** For what goes on while the services are away: tenants by their names, and their JWK Sets. */
  readonly lastKnown: { readonly tenants: LastKnown<Tenant | undefined>; readonly keySets: LastKnown<token.JwksResponse> };
  readonly cookies: CookieJar;
  readonly readPeer: PeerReader;
  /** Whether callers' certificates come this far, so that clients can authenticate with them. */
  readonly seesCertificates: boolean;
  readonly logger: Logger;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** Names what is missing before requests can be served; none where they can. Rejects where even that cannot be told. */
  readonly waitingFor: () => Promise<readonly string[]>;
  readonly observer?: RequestObserver | undefined;
  readonly refusals: RefusalRecorder;
  readonly admission: Admission;
  readonly refuseBusy: BusyRefusal;
}

/** A named step before the handler. What it adds to the request is in its type. */
export interface Step<Request extends HostRequest, Adds extends object> {
  /** Put on every reply of the endpoint, errors too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether browsers may ask from other origins (CORS): the path then answers OPTIONS as well. */
  readonly isCrossOrigin?: boolean;
  readonly run?: (request: Request, services: Services) => Adds | Promise<Adds>;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type AnyStep<Request extends HostRequest> = Step<Request, object>;
type AddedBy<Request extends HostRequest, OneStep> = OneStep extends Step<Request, infer Adds> ? Adds : never;
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void ? All : never;
type Added<Request extends HostRequest, Steps extends readonly AnyStep<Request>[]> = Intersection<
  AddedBy<Request, Steps[number]>
>;

interface Definition<Request extends HostRequest, Steps extends readonly AnyStep<Request>[]> {
  readonly method: Method | readonly Method[];
  /** Beneath the issuer, or the host; `:name` is a named part. A trailing slash is accepted. */
  readonly paths: readonly string[];
  /** How this endpoint says what went wrong. */
  readonly errors: ErrorStyle;
  readonly steps: Steps;
  /** Goes on with what was last known of the tenant while the registry is away: for what is public and grants nothing. */
  readonly outlivesRegistry?: boolean;
  /** Answers also where more requests are worked on than may be at a time: for what costs little and much depends on. */
  readonly isAlwaysServed?: boolean;
  readonly handle: (request: Request & Added<Request, Steps>, services: Services) => Promise<Reply>;
}

/** An endpoint with its types forgotten, for the route table. */
export interface Endpoint {
  readonly at: "issuer" | "host";
  readonly methods: readonly Method[];
  readonly paths: readonly string[];
  readonly errors: ErrorStyle;
  readonly headers: Readonly<Record<string, string>>;
  readonly isCrossOrigin: boolean;
  readonly outlivesRegistry: boolean;
  readonly isAlwaysServed: boolean;
  /** What the steps find in the request is put into `found`, so that it is known where one of the later ones refuses. */
  readonly serve: (request: HostRequest | IssuerRequest, services: Services, found: object) => Promise<Reply>;
}

/** What an endpoint is called in the log, the metrics and the traces: its first path, the named parts as they are written there. */
export function nameOf({ paths }: Endpoint): string {
  return paths[0] ?? "";
}

/** An endpoint that every tenant has beneath its issuer. */
export function endpoint<const Steps extends readonly AnyStep<IssuerRequest>[]>(
  definition: Definition<IssuerRequest, Steps>,
): Endpoint {
  return assemble("issuer", definition);
}

/** An endpoint that the host has once. */
export function hostEndpoint<const Steps extends readonly AnyStep<HostRequest>[]>(
  definition: Definition<HostRequest, Steps>,
): Endpoint {
  return assemble("host", definition);
}

function assemble<Request extends HostRequest, const Steps extends readonly AnyStep<Request>[]>(
  at: "issuer" | "host",
  { method, paths, errors, steps, outlivesRegistry = false, isAlwaysServed = false, handle }: Definition<Request, Steps>,
): Endpoint {
  const runs = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
  return {
    at,
    methods: typeof method === "string" ? [method] : method,
    paths,
    errors,
    headers: Object.assign({}, ...steps.map(({ headers }) => headers)),
    isCrossOrigin: steps.some(({ isCrossOrigin }) => isCrossOrigin === true),
    outlivesRegistry,
    isAlwaysServed,
    async serve(request, services, found) {
      // The route table gives each endpoint the kind of request that `at` names, and the loop adds what the steps' types say.
      const given = request as Request;
      for (const run of runs) Object.assign(found, await run(given, services));
      return handle({ ...given, ...found } as Request & Added<Request, Steps>, services);
    },
  };
}
