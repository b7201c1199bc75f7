import {
  administer,
  authorizationUrl,
  newPkce,
  type RegisteredClient,
  redirectUri,
  registerClient,
  signIn,
  tokenRequest,
} from "./relying-party.ts";
import type { Signet } from "./signet.ts";
import { type UserAgent, userAgent } from "./user-agent.ts";

/** Somebody who can sign in. */
export interface Person {
  readonly username: string;
  readonly password: string;
}

/** An application at an issuer, and the browser of a person who uses it. */
export interface Application {
  readonly issuer: string;
  readonly client: RegisteredClient;
  readonly person: Person;
  readonly agent: UserAgent;
}

/** The tenant that an application belongs to; without a name it is `default`. */
export type Home = Pick<Signet, "url" | "adminToken" | "adminPassword" | "registrationToken"> & {
  readonly name?: string;
  readonly issuer?: string;
};

export interface ApplicationOptions {
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** `admin` of the tenant `default`, unless given. */
  readonly person?: Person;
  /** A new browser, unless given. */
  readonly agent?: UserAgent;
}

export async function newApplication(home: Home, { metadata, person, agent }: ApplicationOptions = {}): Promise<Application> {
  return {
    issuer: home.issuer ?? home.url,
    client: await registerClient(home, metadata, home.name),
    person: person ?? { username: "admin", password: home.adminPassword },
    agent: agent ?? userAgent(home.url),
  };
}

/** A user of the tenant's, by the administration API; `more` are further members of the user. */
export async function createUser(
  home: Home,
  username: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<Person & { readonly id: string }> {
  const password = "a password of no importance";
  const { id } = await administer(home, "POST", `/${home.name ?? "default"}/users`, { username, password, ...more });
  return { id: String(id), username, password };
}

/** A code as the application has it, with the PKCE verifier that goes with it. */
export interface ObtainedCode {
  readonly code: string;
  /** Empty where the request had no challenge. */
  readonly verifier: string;
}

type SentParameters = Readonly<Record<string, string | undefined>>;

/**
 * Has the person sign in, and agree, as far as that is asked for. The request has a PKCE challenge unless `parameters` say what it has;
 * those with the value undefined are left out.
 */
export async function obtainCode(application: Application, parameters: SentParameters = {}): Promise<ObtainedCode> {
  const { issuer, client, agent, person } = application;
  const pkce = newPkce();
  const withPkce = "code_challenge" in parameters ? {} : { code_challenge: pkce.challenge, code_challenge_method: "S256" };
  const start = await agent.open(authorizationUrl(issuer, client, { ...withPkce, ...parameters }));
  const callback = await signIn(agent, start, person);
  const code = callback.searchParams.get("code");
  if (code === null) throw new Error(`there is no code in ${callback}`);
  return { code, verifier: "code_challenge" in parameters ? "" : pkce.verifier };
}

/** The code's redemption. `changes` take the place of the right parameters; those with the value undefined are left out. */
export function redeem(
  { issuer, client }: Application,
  { code, verifier }: ObtainedCode,
  changes: SentParameters = {},
): Promise<Response> {
  const rightly = { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: verifier || undefined };
  return tokenRequest(issuer, client, given({ ...rightly, ...changes }));
}

/** What a redemption or a refresh was answered with; an empty text for what was not in the reply. */
export interface ObtainedTokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

/** The code flow from its beginning to the tokens: `openid offline_access`, unless `parameters` say otherwise. */
export async function obtainTokens(application: Application, parameters: SentParameters = {}): Promise<ObtainedTokens> {
  return tokensOf(await redeem(application, await obtainCode(application, { scope: "openid offline_access", ...parameters })));
}

export function refresh({ issuer, client }: Application, refreshToken: string, changes: SentParameters = {}): Promise<Response> {
  return tokenRequest(issuer, client, given({ grant_type: "refresh_token", refresh_token: refreshToken, ...changes }));
}

/** The tokens of a reply. @throws Error where it is none of success */
export async function tokensOf(reply: Response): Promise<ObtainedTokens> {
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`there are no tokens: ${reply.status} ${text}`);
  return { id_token: "", refresh_token: "", ...JSON.parse(text) };
}

export function userinfo(issuer: string, accessToken: string): Promise<Response> {
  return fetch(`${issuer}/oauth2/v1/userinfo`, { headers: { Authorization: `Bearer ${accessToken}` } });
}

function given(parameters: SentParameters): Record<string, string> {
  const entries = Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(entries);
}
