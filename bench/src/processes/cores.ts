import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Pinning {
  /** What a server's command line begins with. */
  readonly serverPrefix: readonly string[];
  /** For the person who reads the table. */
  readonly description: string;
}

/**
 * Puts this process, which makes the load, on one core, and answers how to put a server on another.
 * Where that is impossible nothing is pinned, and the description says so.
 */
export function pin(): Pinning {
  const cores = allowedCores();
  if (cores.length < 2) return unpinned("fewer than two cores");
  const [serverCore, loadCore] = cores;
  const pinned = spawnSync("taskset", ["-a", "-c", "-p", String(loadCore), String(process.pid)], { stdio: "ignore" });
  if (pinned.status !== 0) return unpinned("no working taskset");
  return {
    serverPrefix: ["taskset", "-c", String(serverCore)],
    description: `server on core ${serverCore}, load on core ${loadCore}`,
  };
}

function unpinned(reason: string): Pinning {
  return { serverPrefix: [], description: `NOT PINNED (${reason}): server and load may share a core` };
}

/** The cores this process may run on. Empty where the system does not tell. */
function allowedCores(): number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "";
    return parseCoreList(list);
  } catch {
    return [];
  }
}

/** `0-2,5` → 0, 1, 2, 5. */
export function parseCoreList(list: string): number[] {
  return list.split(",").flatMap((part) => {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (match === null) return [];
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
