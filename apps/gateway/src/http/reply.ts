import type { Refused } from "../refusals/refused.ts";

/** What goes back to the client. `body` is sent as it is. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: string | Buffer;
  /** Of a reply that refuses without an error having been thrown: what it refuses, for the administrator. */
  readonly refused?: Refused;
}

/** The very form that the identity-hub API shows. */
export const jsonContentType = "application/json;charset=UTF-8";

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { "Content-Type": jsonContentType, ...headers }, body: JSON.stringify(value) };
}

export function redirect(status: 302 | 303, location: string, cookies: readonly string[] = []): Reply {
  return { status, headers: { Location: location }, cookies };
}
