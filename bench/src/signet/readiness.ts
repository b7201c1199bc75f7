import { type Spread, spreadOf } from "../measure/statistics.ts";
import type { SignetInstallation } from "./signet.ts";

const starts = 5;

/** Milliseconds from the start of the process to its first ready reply, on a data folder that exists. */
export async function measureReadiness(installation: SignetInstallation): Promise<Spread> {
  const milliseconds: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const server = await installation.start();
    milliseconds.push(server.readyAfter);
    await server.stop();
  }
  return spreadOf(milliseconds);
}
