import { administer, type DeployedServices, type Signet } from "@signet/testkit";

/** The tenant `default` of a Signet that is ready, with its registration token. */
export async function homeOf(deployed: DeployedServices): Promise<Signet> {
  const { token } = await administer(deployed, "GET", "/default/oidc");
  return { ...deployed, registrationToken: String(token) };
}
