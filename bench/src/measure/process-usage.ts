import { readFileSync } from "node:fs";

/** What the kernel says about a process (proc_pid_stat(5), proc_pid_status(5)). */
export interface ProcessUsage {
  /** User and system time of all its threads, in microseconds. */
  readonly cpuMicroseconds: number;
  readonly residentMegabytes: number;
}

/** USER_HZ: the kernel shows times to programs in hundredths of a second on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** NaN for both where there is no /proc. */
export function usageOf(processId: number): ProcessUsage {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, "latin1");
    // The second field is the command in parentheses, which may hold anything; the rest has no parenthesis.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    const status = readFileSync(`/proc/${processId}/status`, "latin1");
    const kilobytes = Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]);
    return { cpuMicroseconds: (ticks * 1_000_000) / ticksPerSecond, residentMegabytes: kilobytes / 1024 };
  } catch {
    return { cpuMicroseconds: Number.NaN, residentMegabytes: Number.NaN };
  }
}
