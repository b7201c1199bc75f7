import { readFileSync } from "node:fs";

/** What the kernel says about a process (proc_pid_stat(5), proc_pid_status(5), and its scheduler's statistics). */
export interface ProcessUsage {
  /** User and system time of all its threads, in microseconds. */
  readonly cpuMicroseconds: number;
  readonly mainThreadCpuMicroseconds: number;
  /** How long its main thread was ready to run and had no core to run on: another thread had it, of this process or of another. */
  readonly mainThreadWaitMicroseconds: number;
  /** All that it has in memory (RSS). */
  readonly residentMegabytes: number;
  /** The part of it that no file backs. The rest is mapped files, mostly Node itself, and depends on what the system has in its page cache. */
  readonly ownMegabytes: number;
}

/** USER_HZ: the kernel shows times to programs in hundredths of a second on every architecture that Node runs on. */
const ticksPerSecond = 100;

const unknown: ProcessUsage = {
  cpuMicroseconds: Number.NaN,
  mainThreadCpuMicroseconds: Number.NaN,
  mainThreadWaitMicroseconds: Number.NaN,
  residentMegabytes: Number.NaN,
  ownMegabytes: Number.NaN,
};

/** What several processes use together. */
export function usageOfAll(processIds: readonly number[]): ProcessUsage {
  const usages = processIds.map(usageOf);
  const sum = (member: keyof ProcessUsage) => usages.reduce((total, usage) => total + usage[member], 0);
  return {
    cpuMicroseconds: sum("cpuMicroseconds"),
    mainThreadCpuMicroseconds: sum("mainThreadCpuMicroseconds"),
    mainThreadWaitMicroseconds: sum("mainThreadWaitMicroseconds"),
    residentMegabytes: sum("residentMegabytes"),
    ownMegabytes: sum("ownMegabytes"),
  };
}

/** NaN for everything where there is no /proc. */
export function usageOf(processId: number): ProcessUsage {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, "latin1");
    // The second field is the command in parentheses, which may hold anything; the rest has no parenthesis.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    const status = readFileSync(`/proc/${processId}/status`, "latin1");
    const [ran, waited] = readFileSync(`/proc/${processId}/schedstat`, "latin1").split(" ");
    return {
      cpuMicroseconds: (ticks * 1_000_000) / ticksPerSecond,
      mainThreadCpuMicroseconds: Number(ran) / 1000,
      mainThreadWaitMicroseconds: Number(waited) / 1000,
      residentMegabytes: Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1]) / 1024,
      ownMegabytes: Number(/^RssAnon:\s*(\d+) kB/m.exec(status)?.[1]) / 1024,
    };
  } catch {
    return unknown;
  }
}
