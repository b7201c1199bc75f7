import type { Endpoint } from "./endpoint.ts";
import { showSignedIn, showSignedOut, signOut, start } from "./endpoints/account.ts";
import {
  createInitialAccessToken,
  deleteInitialAccessToken,
  listInitialAccessTokens,
} from "./endpoints/administration/initial-access-tokens.ts";
import { rewrapKeys } from "./endpoints/administration/rewrap-keys.ts";
import { listSigningKeys, revokeSigningKeys, rotateSigningKeys } from "./endpoints/administration/signing-keys.ts";
import { createUser, deleteUser, listUsers, readUser, updateUser } from "./endpoints/administration/users.ts";
import { readWorkplaceError } from "./endpoints/administration/workplace-errors.ts";
import { readWorkplaceOidc, updateWorkplaceOidc } from "./endpoints/administration/workplace-oidc.ts";
import { renewWorkplaceToken } from "./endpoints/administration/workplace-token.ts";
import {
  createWorkplace,
  deleteWorkplace,
  listWorkplaces,
  readWorkplace,
  updateWorkplace,
} from "./endpoints/administration/workplaces.ts";
import { authorization, strictAuthorization } from "./endpoints/authorization.ts";
import { showConsent, submitConsent } from "./endpoints/consent.ts";
import { discovery } from "./endpoints/discovery.ts";
import { healthz, readyz } from "./endpoints/health.ts";
import { initiateLogin } from "./endpoints/initiate-login.ts";
import { introspection } from "./endpoints/introspection.ts";
import { jwks } from "./endpoints/jwks.ts";
import { logout } from "./endpoints/logout.ts";
import {
  deleteRegistration,
  readRegistration,
  registerClient,
  replaceRegistration,
} from "./endpoints/registration/dynamic-registration.ts";
import { deleteClient, readClients, writeClient } from "./endpoints/registration/registration.ts";
import { revocation } from "./endpoints/revocation.ts";
import { showSelectAccount, submitSelectAccount } from "./endpoints/select-account.ts";
import { showSignIn, submitSignIn } from "./endpoints/sign-in.ts";
import { token } from "./endpoints/token.ts";
import { userinfo } from "./endpoints/userinfo.ts";

/** Every public endpoint. What is asked for most comes first. */
export const routes: readonly Endpoint[] = [
  token,
  authorization,
  strictAuthorization,
  userinfo,
  introspection,
  revocation,
  jwks,
  discovery,
  showSignIn,
  submitSignIn,
  showSelectAccount,
  submitSelectAccount,
  showConsent,
  submitConsent,
  healthz,
  readyz,
  readClients,
  writeClient,
  deleteClient,
  registerClient,
  readRegistration,
  replaceRegistration,
  deleteRegistration,
  listInitialAccessTokens,
  createInitialAccessToken,
  deleteInitialAccessToken,
  listWorkplaces,
  createWorkplace,
  readWorkplace,
  updateWorkplace,
  deleteWorkplace,
  readWorkplaceOidc,
  updateWorkplaceOidc,
  renewWorkplaceToken,
  readWorkplaceError,
  listUsers,
  createUser,
  readUser,
  updateUser,
  deleteUser,
  listSigningKeys,
  rotateSigningKeys,
  revokeSigningKeys,
  rewrapKeys,
  logout,
  initiateLogin,
  showSignedIn,
  signOut,
  showSignedOut,
  start,
];
