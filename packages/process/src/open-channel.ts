import type { CallingConfig, TlsConfig } from "@signet/config";
import { observedClient } from "@signet/rpc";
import { type Channel, type ClientTls, createChannel } from "@signet/rpc/network";
import type { Telemetry } from "@signet/telemetry";
import { followed } from "./followed.ts";
import { warnSparingly } from "./warn-sparingly.ts";

/** A channel to the service at `url`, with what this process shows the services that it calls. */
export function openChannel(
  url: string,
  { serviceToken, tls }: CallingConfig,
  { logger, callsMade }: Pick<Telemetry, "logger" | "callsMade">,
): Channel {
  const credentials = serviceToken.value === "" ? undefined : followed(serviceToken, (token) => ({ token }), logger);
  const channel = createChannel(url, {
    ...(credentials === undefined ? {} : { credentials: credentials.value }),
    ownServices: true,
    tls: clientTls(tls),
    onLost: warnSparingly(logger, "a service was lost, or is not to be reached"),
  });
  return {
    client: (definition) => observedClient(definition, channel.client(definition), callsMade),
    close() {
      credentials?.stop();
      channel.close();
    },
  };
}

/** What a client shows and trusts of the configuration. */
export function clientTls({ certificate, key, authorities }: TlsConfig): ClientTls {
  return {
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(authorities === undefined ? {} : { authorities }),
  };
}
