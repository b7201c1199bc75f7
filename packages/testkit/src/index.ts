export { freePort } from "@signet/test-servers";
export {
  type Application,
  type ApplicationOptions,
  createUser,
  type Home,
  newApplication,
  type ObtainedCode,
  type ObtainedTokens,
  obtainCode,
  obtainTokens,
  type Person,
  redeem,
  refresh,
  tokensOf,
  userinfo,
} from "./application.ts";
export { type Clockwork, clockwork } from "./clockwork.ts";
export { type RawReply, type RawRequest, rawRequest } from "./raw-http.ts";
export {
  administer,
  authorizationUrl,
  createTenant,
  newPkce,
  type Pkce,
  type RegisteredClient,
  redirectUri,
  registerClient,
  registrationRequest,
  registrationTokenOf,
  signIn,
  tokenRequest,
} from "./relying-party.ts";
export type { Signet, SignetOptions } from "./signet.ts";
export { type SignetProcess, spawnSignet } from "./signet-process.ts";
export { startSignet } from "./start-signet.ts";
export { type Program, startProgram } from "./topologies/program.ts";
export {
  type DeployedServices,
  deployServices,
  type Replica,
  type ServicesOptions,
  type ServicesUnderTest,
  startServices,
} from "./topologies/services.ts";
export { type ServiceName, services } from "./topologies/services-settings.ts";
export { type Topology, topologies, topologyUnderTest } from "./topologies/topology.ts";
export { hiddenFields, type UserAgent, userAgent, type Visit } from "./user-agent.ts";
