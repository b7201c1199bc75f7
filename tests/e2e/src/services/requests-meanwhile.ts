import { type Application, refresh, type Signet, tokenRequest } from "@signet/testkit";
import { expect } from "vitest";

/** Requests that are made one after the other, of several sorts at a time, until they are stopped. */
export interface RequestsMeanwhile {
  /** Resolves once each sort has had `count` more answers. */
  answered(count: number): Promise<void>;
  /** How each was answered that was not answered well. None is tried again. */
  stop(): Promise<readonly string[]>;
}

/** Between them they need every service, by every way that one calls another. */
export function startRequests(home: Signet, application: Application, refreshToken: string): RequestsMeanwhile {
  let current = refreshToken;
  const sorts: Readonly<Record<string, () => Promise<Response>>> = {
    keys: () => fetch(`${home.url}/oauth2/v1/certs`),
    "a token": () => tokenRequest(home.url, application.client, { grant_type: "client_credentials" }),
    "a client": () =>
      fetch(`${home.url}/v1/oidc/default/registration?client_id=${application.client.client_id}`, {
        headers: { Authorization: `Bearer ${home.registrationToken}` },
      }),
    users: () => fetch(`${home.url}/v1/workplaces/default/users`, { headers: { "X-Auth-Token": home.adminToken } }),
    "a refresh": async () => {
      const reply = await refresh(application, current);
      const text = await reply.text();
      if (reply.ok) current = JSON.parse(text).refresh_token;
      return new Response(text, { status: reply.status });
    },
  };
  const failures = new Set<string>();
  const counts = new Map(Object.keys(sorts).map((sort) => [sort, 0]));
  let isStopping = false;

  async function run(sort: string, send: () => Promise<Response>): Promise<void> {
    while (!isStopping) {
      const reply = await send().catch((error: unknown) => String(error));
      if (typeof reply === "string") failures.add(`${sort}: ${reply}`);
      else {
        const text = await reply.text();
        if (!reply.ok) failures.add(`${sort}: ${reply.status} ${text.replace(/[0-9a-f]{18}/, "…")}`);
      }
      counts.set(sort, (counts.get(sort) ?? 0) + 1);
    }
  }

  const running = Object.entries(sorts).map(([sort, send]) => run(sort, send));
  return {
    async answered(count) {
      const goals = [...counts].map(([sort, before]) => [sort, before + count] as const);
      const reached = () => goals.every(([sort, goal]) => (counts.get(sort) ?? 0) >= goal);
      await expect.poll(reached, { timeout: 30_000, interval: 10 }).toBe(true);
    },
    async stop() {
      isStopping = true;
      await Promise.all(running);
      return [...failures];
    },
  };
}
