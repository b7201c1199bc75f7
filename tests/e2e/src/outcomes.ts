import type { UserAgent, Visit } from "@signet/testkit";
import { expect } from "vitest";

/** What an OAuth endpoint answered: its status and, where it refused, the error code. */
export interface Outcome {
  readonly status: number;
  readonly error?: string;
}

export const granted: Outcome = { status: 200 };
export const invalidGrant: Outcome = { status: 400, error: "invalid_grant" };
export const invalidRequest: Outcome = { status: 400, error: "invalid_request" };
export const invalidScope: Outcome = { status: 400, error: "invalid_scope" };
export const invalidClient: Outcome = { status: 401, error: "invalid_client" };
export const invalidToken: Outcome = { status: 401, error: "invalid_token" };

/** Reads a reply of the token endpoint or of userinfo. A refusal has the members of RFC 6749 section 5.2 and no other. */
export async function outcome(answered: Response | Promise<Response>): Promise<Outcome> {
  const reply = await answered;
  const text = await reply.text();
  if (reply.ok) return { status: reply.status };
  expectNoInsights(text);
  const body = JSON.parse(text);
  expect(body).toEqual({
    error: expect.any(String),
    error_description: expect.stringMatching(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/),
  });
  return { status: reply.status, error: body.error };
}

/** Nothing in an answer tells what Signet is made of. */
export function expectNoInsights(text: string): void {
  expect(text).not.toMatch(/\n\s+at |node:|node_modules|\.[mc]?[jt]s:\d|(?:Type|Range|Syntax|Reference)Error|SQLITE|ENOENT/);
}

/** An error page on Signet's own origin: nothing was redirected, and there is nothing on it that an application could be given. */
export function expectErrorPage(visit: Visit): void {
  expect(visit.callback).toBeUndefined();
  expect(visit.status).toBe(400);
  expect(visit.headers.get("Location")).toBeNull();
  expect(visit.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
  expect(visit.headers.getSetCookie()).toEqual([]);
  expect(visit.html).not.toMatch(/<form|http-equiv/);
  expectNoInsights(visit.html);
}

/** The error that the application is told at its redirect URI. */
export function errorIn(visit: Visit): string | null | undefined {
  return visit.callback?.searchParams.get("error");
}

/** A POST of a form by a browser, of which no redirect is followed. */
export function post(agent: UserAgent, url: string, body: string): Promise<Response> {
  return agent.request(url, { method: "POST", body, headers: { "Content-Type": "application/x-www-form-urlencoded" } });
}
