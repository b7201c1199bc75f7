import { serves } from "@signet/process";
import type { Channel } from "@signet/rpc/network";

/** Which of the services behind `channels`, by name, do not say that they serve. */
export async function servicesWaitedFor(channels: Readonly<Record<string, Channel>>): Promise<readonly string[]> {
  const names = await Promise.all(
    Object.entries(channels).map(async ([name, channel]) => ((await serves(channel)) ? [] : [name])),
  );
  return names.flat();
}
