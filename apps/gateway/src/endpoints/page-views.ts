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

export function applicationOf(view: auth.ApplicationView): ClientView {
  const { name, logoUri, clientUri, policyUri, tosUri, unreviewed } = view;
  return {
    name,
    ...(unreviewed ? { isUnreviewed: true } : {}),
    ...(logoUri === "" ? {} : { logoUri }),
    ...(clientUri === "" ? {} : { clientUri }),
    ...(policyUri === "" ? {} : { policyUri }),
    ...(tosUri === "" ? {} : { tosUri }),
  };
}
