import { health as wire } from "@signet/contracts";
import { type ChannelOptions, createChannel } from "../channels/create-channel.ts";

export interface CheckHealthOptions extends Pick<ChannelOptions, "tls" | "lookup"> {
  /** How long the whole check may take. */
  readonly timeoutMilliseconds: number;
  /** The full name of a service; the server as a whole unless given. */
  readonly service?: string;
}

/**
 * Whether the server at `target` says that it serves, asked by plain gRPC and without credentials; what is not reached in time does not.
 * @param target a service's address as channels take it; that of a `mux:` channel is asked by `grpc:`
 * @throws Error where it is no address in the network
 */
export async function checkHealth(
  target: string,
  { timeoutMilliseconds, service = "", ...options }: CheckHealthOptions,
): Promise<boolean> {
  const plain = target.replace(/^mux/, "grpc");
  if (plain.startsWith("inproc:")) throw new Error(`"${target}" is no address in the network`);
  const channel = createChannel(plain, options);
  try {
    const client = channel.client<wire.HealthClient<{ timeoutMilliseconds: number }>>(wire.HealthDefinition);
    const { status } = await client.check({ service }, { timeoutMilliseconds });
    return status === wire.HealthCheckResponse_ServingStatus.SERVING;
  } catch {
    // Whatever the reason: who asks wants to know whether to count on it.
    return false;
  } finally {
    channel.close();
  }
}
