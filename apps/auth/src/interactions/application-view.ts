import type { auth } from "@signet/contracts";
import { type Client, isUnreviewed } from "@signet/protocol";

/** What pages show of a client. One that was registered without a name is known by where the browser goes. */
export function applicationView(client: Client, target: string): auth.ApplicationView {
  const { clientName, logoUri = "", clientUri = "", policyUri = "", tosUri = "" } = client.metadata;
  return {
    name: clientName === "" ? target : clientName,
    logoUri,
    clientUri,
    policyUri,
    tosUri,
    unreviewed: isUnreviewed(client),
  };
}
