import { readFileSync } from "node:fs";
import type { Signet, SignetOptions } from "../signet.ts";

/**
 * The Signet that `docker compose up` has started, which all suites share: the file that `SIGNET_TEST_CONTAINERS` names says where it is and what opens it,
 * as JSON with `url`, `adminToken`, `adminPassword` and `registrationToken`.
 * @throws Error for a suite that wants a Signet of its own
 */
export function sharedContainers({ clockwork, environment }: SignetOptions): Signet {
  if (clockwork !== undefined || environment !== undefined) {
    throw new Error("containers have the machine's clock and the settings that they were started with");
  }
  const known = readKnown(process.env.SIGNET_TEST_CONTAINERS ?? "");
  return {
    ...known,
    listenerUrl: known.url,
    restart: () => Promise.reject(new Error("other suites use the same containers")),
    stop: async () => {},
  };
}

function readKnown(path: string): Pick<Signet, "url" | "adminToken" | "adminPassword" | "registrationToken"> {
  const read: unknown = JSON.parse(readFileSync(path, "utf8"));
  const members = new Map(Object.entries(typeof read === "object" && read !== null ? read : {}));
  const text = (name: string): string => {
    const value: unknown = members.get(name);
    if (typeof value !== "string") throw new Error(`${path} has no ${name}`);
    return value;
  };
  return {
    url: text("url"),
    adminToken: text("adminToken"),
    adminPassword: text("adminPassword"),
    registrationToken: text("registrationToken"),
  };
}
