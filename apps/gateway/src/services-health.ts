import { health } from "@signet/contracts";
import type { Channel } from "@signet/rpc/network";

const timeoutMilliseconds = 1000;

/** Which of the services behind `channels`, by name, do not say that they serve. */
export async function servicesWaitedFor(channels: Readonly<Record<string, Channel>>): Promise<readonly string[]> {
  const names = await Promise.all(
    Object.entries(channels).map(async ([name, channel]) => ((await serves(channel)) ? [] : [name])),
  );
  return names.flat();
}

async function serves(channel: Channel): Promise<boolean> {
  try {
    const { status } = await channel
      .client<health.HealthClient>(health.HealthDefinition)
      .check({}, { signal: AbortSignal.timeout(timeoutMilliseconds) });
    return status === health.HealthCheckResponse_ServingStatus.SERVING;
  } catch {
    return false;
  }
}
