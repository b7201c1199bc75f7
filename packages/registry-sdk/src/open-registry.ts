import { registry } from "@signet/contracts";
import { type ClientTls, createChannel } from "@signet/rpc/network";
import { type Clients, clientsOf } from "./clients.ts";
import { type Tenants, tenantsOf } from "./tenants.ts";
import { type RegistryEvent, type WatchOptions, watch } from "./watch.ts";

export interface RegistryOptions {
  /** `grpc://host:port`, or `grpcs://host:port` with TLS. All addresses behind the name share the calls. */
  readonly url: string;
  /** The caller's own service token, or what gives the current one: asked for at each call, so that a token can be replaced while the process runs. */
  readonly token: string | (() => string);
  /** For `grpcs:`: the authorities that are trusted, and a certificate of the caller's own, in PEM. */
  readonly tls?: ClientTls;
  /** How long a call may take at most: 2 seconds unless given. */
  readonly timeoutMilliseconds?: number;
}

/** The registry of tenants and clients. */
export interface Registry {
  readonly tenants: Tenants;
  readonly clients: Clients;
  /**
   * What changes, as it happens. A broken stream is taken up again from the last position, first after 50 ms and then more and more slowly up to 2 s,
   * so that no change is missed; after `interrupted` comes `ready`, and then what was missed.
   * @throws ResourceError unauthenticated, forbidden where the token does not open the registry (any more)
   */
  watch(options: WatchOptions): AsyncIterable<RegistryEvent>;
  /** Ends everything under way. */
  close(): void;
}

const service = registry.ClientRegistryServiceDefinition;
const defaultTimeoutMilliseconds = 2000;

/**
 * Opens the registry to a service. Nothing is sent before the first call; connections are made, shared and made again as needed. Calls that only read are
 * repeated within their deadline where the registry was not to be reached.
 * @throws Error where the URL is none of such a service
 */
export function openRegistry({ url, token, tls, timeoutMilliseconds = defaultTimeoutMilliseconds }: RegistryOptions): Registry {
  if (!/^grpcs?:/.test(url)) throw new Error(`"${url}" is no address of a registry: grpc://host:port or grpcs://host:port`);
  const channel = createChannel(url, {
    credentials: {
      get value() {
        return { token: typeof token === "string" ? token : token() };
      },
      onChange: () => () => {},
    },
    ...(tls === undefined ? {} : { tls }),
  });
  const client = channel.client<registry.ClientRegistryServiceClient>(service);
  return {
    tenants: tenantsOf(client, { timeoutMilliseconds }),
    clients: clientsOf(client, { timeoutMilliseconds }),
    watch: (options) => watch(client, options),
    close: () => channel.close(),
  };
}
