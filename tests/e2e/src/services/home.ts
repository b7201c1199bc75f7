import { type DeployedServices, registrationTokenOf, type Signet } from "@signet/testkit";

/** The tenant `default` of a Signet that is ready, with its registration token. */
export async function homeOf(deployed: DeployedServices): Promise<Signet> {
  return { ...deployed, registrationToken: await registrationTokenOf(deployed) };
}
