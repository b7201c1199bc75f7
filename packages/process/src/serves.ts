import { health } from "@signet/contracts";
import { ResourceError } from "@signet/protocol";
import type { Channel } from "@signet/rpc/network";

const timeoutMilliseconds = 1000;

/** Whether the service behind the channel says, within a second, that it serves. */
export async function serves(channel: Channel): Promise<boolean> {
  try {
    const { status } = await channel
      .client<health.HealthClient>(health.HealthDefinition)
      .check({}, { signal: AbortSignal.timeout(timeoutMilliseconds) });
    return status === health.HealthCheckResponse_ServingStatus.SERVING;
  } catch {
    return false;
  }
}

/** @throws ResourceError unavailable where it does not */
export async function requireServing(channel: Channel): Promise<void> {
  if (!(await serves(channel))) throw new ResourceError("unavailable", "the service does not serve at the moment");
}
