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
  signIn,
  tokenRequest,
} from "./relying-party.ts";
export { type Signet, type SignetOptions, startSignet } from "./signet.ts";
export { freePort, type SignetProcess, spawnSignet } from "./signet-process.ts";
export { type Topology, topologies, topologyUnderTest } from "./topology.ts";
export { hiddenFields, type UserAgent, userAgent, type Visit } from "./user-agent.ts";
