import type { auth } from "@signet/contracts";
import type { Client } from "@signet/protocol";

/** What pages show of a client. One that was registered without a name is known by where the browser goes. */
export function applicationView({ metadata }: Client, target: string): auth.ApplicationView {
  const { clientName, logoUri = "", clientUri = "", policyUri = "", tosUri = "" } = metadata;
  return { name: clientName === "" ? target : clientName, logoUri, clientUri, policyUri, tosUri };
}
