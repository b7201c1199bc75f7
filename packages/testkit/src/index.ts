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
export { freePort } from "./free-port.ts";
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
  signIn,
  tokenRequest,
} from "./relying-party.ts";
export { type Signet, type SignetOptions, startSignet } from "./signet.ts";
export { type SignetProcess, spawnSignet } from "./signet-process.ts";
export { type Program, startProgram } from "./topologies/program.ts";
export {
  type DeployedServices,
  deployServices,
  type Replica,
  type ServiceName,
  type ServicesOptions,
  type ServicesUnderTest,
  services,
  startServices,
} from "./topologies/services.ts";
export { type Topology, topologies, topologyUnderTest } from "./topologies/topology.ts";
export { hiddenFields, type UserAgent, userAgent, type Visit } from "./user-agent.ts";
