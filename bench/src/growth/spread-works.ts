import { codeIn } from "../load/code-flow.ts";
import type { HttpConnection } from "../load/http-connection.ts";
import type { HttpReply } from "../load/http-reply.ts";
import {
  authorizationTarget,
  bearerRequest,
  clientRequests,
  codeForm,
  getRequest,
  jsonRequest,
  proofKey,
  tokenRequests,
} from "../load/requests.ts";
import { clientOf } from "./fill.ts";
import { accessTokens, type Filled, refreshFamily } from "./filled.ts";
import { spread } from "./numbering.ts";
import { busyClientsOf, sessionsOf } from "./population.ts";

/** One request, or a few that belong together. Rejects where a reply is not the one that was asked for. */
export type SpreadFlow = (connection: HttpConnection) => Promise<HttpReply>;

/** A work whose requests are spread over what a data folder holds. */
export interface SpreadWork {
  readonly name: string;
  /** Whether it is about the number of tenants; otherwise about that of clients, users and families. */
  readonly isOfTenants: boolean;
  /** What is sent at each turn, of another row each time. */
  prepare(filled: Filled): Promise<(turn: number) => SpreadFlow>;
}

/** How many access tokens userinfo and introspection are asked about, each of another person. */
const askedTokens = 2000;

export const spreadWorks: readonly SpreadWork[] = [
  {
    name: "code-flow, of each session in turn",
    isOfTenants: false,
    async prepare(filled) {
      const all = sessionsOf(filled.population);
      return (turn) => codeFlowOf(filled, spread(turn, all, all));
    },
  },
  {
    name: "client-credentials, of the busy clients",
    isOfTenants: false,
    prepare: async (filled) => (turn) => clientCredentialsOf(filled, turn, busyClientsOf(filled.population)),
  },
  {
    name: "client-credentials, of every client in turn",
    isOfTenants: false,
    prepare: async (filled) => (turn) => clientCredentialsOf(filled, turn, filled.population.clients),
  },
  {
    name: "refresh, of each family in turn",
    isOfTenants: false,
    async prepare(filled) {
      const { families } = filled.population;
      return (turn) => (connection) => refreshFamily(filled, spread(turn, families, families), connection);
    },
  },
  {
    name: "introspection",
    isOfTenants: false,
    async prepare(filled) {
      const tokens = await accessTokens(filled, askedTokens);
      return (turn) => async (connection) => {
        const { accessToken, clientId } = tokens[turn % tokens.length] ?? noToken();
        const send = clientRequests(as(filled, clientId), "/oauth2/v1/introspect");
        return right(await connection.send(send(`token=${accessToken}&token_type_hint=access_token`)), '"active":true');
      };
    },
  },
  {
    name: "userinfo",
    isOfTenants: false,
    async prepare(filled) {
      const tokens = await accessTokens(filled, askedTokens);
      return (turn) => async (connection) => {
        const { accessToken } = tokens[turn % tokens.length] ?? noToken();
        return right(await connection.send(bearerRequest(filled.contender, "/oauth2/v1/userinfo", accessToken)), '"sub":"');
      };
    },
  },
  {
    name: "client-credentials, of each tenant in turn",
    isOfTenants: true,
    prepare: async (filled) => (turn) => async (connection) => {
      const { name, clientId } = tenantOf(filled, turn);
      const send = clientRequests(as(filled, clientId), `/${name}/oauth2/v1/token`);
      return right(await connection.send(send("grant_type=client_credentials")), '"access_token":"');
    },
  },
  {
    name: "discovery, of each tenant in turn",
    isOfTenants: true,
    prepare: async (filled) => (turn) => async (connection) => {
      const { name } = tenantOf(filled, turn);
      const target = `/${name}/.well-known/openid-configuration`;
      return right(await connection.send(jsonRequest(filled.contender, target)), `/${name}/oauth2/v1/auth"`);
    },
  },
  {
    name: "JWKS, of each tenant in turn",
    isOfTenants: true,
    prepare: async (filled) => (turn) => async (connection) => {
      const target = `/${tenantOf(filled, turn).name}/oauth2/v1/certs`;
      return right(await connection.send(jsonRequest(filled.contender, target)), '"kty":"EC"');
    },
  },
];

function codeFlowOf(filled: Filled, number: number): SpreadFlow {
  const { contender, population, numbering, defaultTenantId } = filled;
  const acting = as(filled, numbering.client(clientOf(number, population)));
  const cookie = `signet_session_${defaultTenantId}=${numbering.session(number).secret}`;
  return async (connection) => {
    const { challenge, verifier } = proofKey();
    const target = authorizationTarget(acting, { challenge, scope: "openid" });
    const redirect = await connection.send(getRequest(contender, target, cookie));
    return right(await connection.send(tokenRequests(acting)(codeForm(codeIn(redirect), verifier))), '"id_token":"');
  };
}

/** The `turn`th of so many clients that are spread over all. */
function clientCredentialsOf(filled: Filled, turn: number, clients: number): SpreadFlow {
  const { population, numbering } = filled;
  const acting = as(filled, numbering.client(spread(turn, clients, population.clients)));
  const request = tokenRequests(acting)("grant_type=client_credentials");
  return async (connection) => right(await connection.send(request), '"access_token":"');
}

function tenantOf({ numbering, population }: Filled, turn: number) {
  return numbering.tenant(turn % population.tenants);
}

/** The contender with the load acting as another client, which has the same secret. */
function as({ contender }: Filled, id: string): Filled["contender"] {
  return { ...contender, client: { ...contender.client, id } };
}

/** @throws Error where the reply is no 200 with `marker` in it */
function right(reply: HttpReply, marker: string): HttpReply {
  if (reply.status === 200 && reply.body.includes(marker)) return reply;
  throw new Error(`no 200 with ${marker}: ${reply.status} ${reply.body.slice(0, 300)}`);
}

function noToken(): never {
  throw new Error("there are no access tokens to ask about");
}
