import type { auth, common } from "@signet/contracts";
import type { Branding, ClientView } from "../pages/index.ts";

/** Empty strings of the wire are absent in a page's view. */
export function brandingOf(branding: common.Branding | undefined): Branding {
  const { name = "Signet", logoUri = "", accentColor = "", welcomeText = "" } = branding ?? {};
  return {
    name,
    ...(logoUri === "" ? {} : { logoUri }),
    ...(accentColor === "" ? {} : { accentColor }),
    ...(welcomeText === "" ? {} : { welcomeText }),
  };
}

export function applicationOf({ name, logoUri, clientUri, policyUri, tosUri }: auth.ApplicationView): ClientView {
  return {
    name,
    ...(logoUri === "" ? {} : { logoUri }),
    ...(clientUri === "" ? {} : { clientUri }),
    ...(policyUri === "" ? {} : { policyUri }),
    ...(tosUri === "" ? {} : { tosUri }),
  };
}
