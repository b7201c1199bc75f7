import {
  type Application,
  type ObtainedCode,
  obtainTokens,
  type RegisteredClient,
  redeem,
  refresh,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { expect } from "vitest";
import { granted, invalidGrant, outcome } from "./outcomes.ts";

/** A family of refresh tokens, as its client was told, who may rely on that whatever becomes of the server. */
export interface Family {
  head: string;
  accessToken: string;
  readonly used: string[];
}

/** A code and what its client knows of it. */
export interface RecordedCode extends ObtainedCode {
  /** `sent`: nobody knows whether it was redeemed. */
  state: "unused" | "sent" | "redeemed";
}

/** How a client refreshes: once unless it tries again. */
export type Refresh = (application: Application, refreshToken: string) => Promise<Response>;

export async function newFamily(application: Application): Promise<Family> {
  const { refresh_token, access_token } = await obtainTokens(application);
  return { head: refresh_token, accessToken: access_token, used: [] };
}

/** Several, one after the other: a browser in which somebody signs in many times at once is another case. */
export async function newFamilies(application: Application, count: number): Promise<readonly Family[]> {
  const families: Family[] = [];
  while (families.length < count) families.push(await newFamily(application));
  return families;
}

/** Two requests at once, as an impatient client sends them: both get the same successor. What one of them was told holds. */
export async function rotate(application: Application, family: Family, send: Refresh = refresh): Promise<void> {
  const attempts = await Promise.allSettled([1, 2].map(async () => tokensOf(await send(application, family.head))));
  const [first, second] = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
  if (first === undefined) throw attempts.find((attempt) => attempt.status === "rejected")?.reason;
  if (second !== undefined) expect(second.refresh_token).toBe(first.refresh_token);
  family.used.push(family.head);
  family.head = first.refresh_token;
  family.accessToken = first.access_token;
}

/** The last token that was acknowledged is good, and leads to one successor only, however often it is presented. */
export async function expectOneHead(application: Application, family: Family): Promise<void> {
  expect(await outcome(userinfo(application.issuer, family.accessToken))).toEqual(granted);
  const { head } = family;
  await rotate(application, family);
  expect((await tokensOf(await refresh(application, head))).refresh_token).toBe(family.head);
}

/** Of all tokens that the family had, none but the last ever comes back; and it goes with the first that tries. */
export async function expectEndedByReuse(application: Application, { head, used }: Family): Promise<void> {
  for (const token of used.slice(0, -1)) expect(await outcome(refresh(application, token))).toEqual(invalidGrant);
  expect(await outcome(refresh(application, head))).toEqual(invalidGrant);
}

/** Each family goes on from the last token that was acknowledged, and ends with the first of those before it that comes back. */
export async function expectNothingLost(application: Application, families: readonly Family[]): Promise<void> {
  for (const family of families) {
    await expectOneHead(application, family);
    await expectEndedByReuse(application, family);
  }
}

/** A code that nobody sent is good once; one that was redeemed is so no more. */
export async function expectUsedUp(application: Application, code: RecordedCode): Promise<void> {
  const first = await outcome(redeem(application, code));
  if (code.state === "sent") expect([granted, invalidGrant]).toContainEqual(first);
  else expect([code.state, first]).toEqual([code.state, code.state === "unused" ? granted : invalidGrant]);
  expect(await outcome(redeem(application, code))).toEqual(invalidGrant);
}

/** Every client whose registration was acknowledged is there, with the secret that was told. */
export async function expectRegistrations(
  { url, registrationToken }: { readonly url: string; readonly registrationToken: string },
  clients: readonly RegisteredClient[],
): Promise<void> {
  const reply = await fetch(`${url}/v1/oidc/default/registration`, { headers: { Authorization: `Bearer ${registrationToken}` } });
  const known: readonly RegisteredClient[] = JSON.parse(await reply.text());
  const secrets = new Map(known.map(({ client_id, client_secret }) => [client_id, client_secret]));
  for (const { client_id, client_secret } of clients) expect(secrets.get(client_id)).toBe(client_secret);
}
