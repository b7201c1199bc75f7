import { join } from "node:path";
import type { StandaloneConfig } from "@signet/config";
import type { FirstRun } from "./first-run.ts";

/** Where the example application looks for Signet, unless its environment says otherwise. */
const exampleDefaults = { issuer: "http://localhost:4000", dataDir: ".signet" };

/** What a start prints: where Signet is, what was made on a first start, and what to do next. */
export function welcome({ publicUrl, dataDir }: StandaloneConfig, { adminPassword, adminToken }: FirstRun): string {
  const made = [
    ...(adminPassword === undefined ? [] : [`    user admin, password     ${adminPassword}`]),
    ...(adminToken === undefined ? [] : [`    administration token     ${adminToken}`]),
  ];
  const forExample = [
    ...(publicUrl === exampleDefaults.issuer ? [] : [`ISSUER=${publicUrl}`]),
    ...(dataDir === exampleDefaults.dataDir ? [] : [`SIGNET_DATA_DIR=${dataDir}`]),
  ];
  return [
    "",
    `  Signet is ready at ${publicUrl}`,
    "",
    ...(made.length === 0 ? [] : ["  Made on this first start, and shown only this once:", "", ...made, ""]),
    "  Next:",
    `    sign in                  open ${publicUrl}/ in a browser`,
    "    see an application       npm run example    in another terminal, then open http://localhost:5000",
    ...(forExample.length === 0 ? [] : [`                             with ${forExample.join(" and ")} set there`]),
    `    register a client        with the token in ${join(dataDir, "registration-token")}: see README.md`,
    "",
    "",
  ].join("\n");
}
