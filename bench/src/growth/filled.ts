import type { RefreshToken, TenantId } from "@signet/protocol";
import type { Contender } from "../contender.ts";
import { type HttpConnection, openConnection } from "../load/http-connection.ts";
import type { HttpReply } from "../load/http-reply.ts";
import { tokenRequests } from "../load/requests.ts";
import { parseTokenReply } from "../load/token-reply.ts";
import { clientOf } from "./fill.ts";
import { type Numbering, spread } from "./numbering.ts";
import type { Population } from "./population.ts";

/** A Signet that runs on a data folder that was filled. */
export interface Filled {
  readonly contender: Contender;
  readonly population: Population;
  readonly numbering: Numbering;
  readonly defaultTenantId: TenantId;
  /** The live tokens of the families that have been refreshed, by their numbers; the others have their first. */
  readonly refreshTokens: Map<number, RefreshToken>;
}

/** An access token, and the client that it was issued to. */
export interface AskedToken {
  readonly accessToken: string;
  readonly clientId: string;
}

/** Trades the live refresh token of a family for the next one. */
export async function refreshFamily(filled: Filled, number: number, connection: HttpConnection): Promise<HttpReply> {
  const { contender, population, numbering, refreshTokens } = filled;
  const live = refreshTokens.get(number) ?? numbering.family(number).refreshToken.token;
  const id = numbering.client(clientOf(number, population));
  const send = tokenRequests({ ...contender, client: { ...contender.client, id } });
  const reply = await connection.send(send(`grant_type=refresh_token&refresh_token=${live}`));
  const { refreshToken } = parseTokenReply(reply);
  if (refreshToken === undefined || refreshToken === live) throw new Error("the refresh token was not rotated");
  refreshTokens.set(number, refreshToken as RefreshToken);
  return reply;
}

/** Access tokens of so many families, or of all where there are fewer. */
export async function accessTokens(filled: Filled, most: number): Promise<readonly AskedToken[]> {
  const { contender, population, numbering } = filled;
  const connection = await openConnection(contender.port);
  const tokens: AskedToken[] = [];
  try {
    const count = Math.min(most, population.families);
    for (let turn = 0; turn < count; turn += 1) {
      const number = spread(turn, count, population.families);
      const { accessToken } = parseTokenReply(await refreshFamily(filled, number, connection));
      tokens.push({ accessToken, clientId: numbering.client(clientOf(number, population)) });
    }
  } finally {
    connection.close();
  }
  return tokens;
}
