import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { OutboundError } from "@signet/outbound";
import {
  type Client,
  later,
  newSessionPublicId,
  newUserId,
  pauseAfterLogoutAttempt,
  ResourceError,
  type Tenant,
} from "@signet/protocol";
import { expect, onTestFinished, test } from "vitest";
import { answer, Browser, started } from "../testing/browser.ts";
import { type RunningAuth, startAuth } from "../testing/running-auth.ts";

/** The back end of an application, which answers every request with `status`. */
async function receiver(status = 200) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { bodies, host: `localhost:${port}`, uri: `http://localhost:${port}/logout` };
}

/** A back end that takes every request and never answers. */
async function hungReceiver() {
  const asked: string[] = [];
  const server = createServer(({ url = "" }) => void asked.push(url));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { asked, host: `localhost:${port}`, uri: `http://localhost:${port}/logout` };
}

/** What is to be told to the clients after the sign-outs of as many people, each in another millisecond; as it is kept. */
async function addTasks({ stores, now }: RunningAuth, clients: readonly Client[], tenant: Tenant): Promise<void> {
  for (const [index, { id }] of clients.entries()) {
    const task = { tenantId: tenant.id, tenantName: tenant.name, userId: newUserId(randomBytes), createdAt: later(now(), index) };
    await stores.signOutTasks.add({ ...task, sessionPublicId: newSessionPublicId(randomBytes), clientId: id }, task.createdAt);
  }
}

/** A browser that is signed in to an application with that back end, and the service. */
async function signedIn(uri: string, allowedHosts: readonly string[], signOutLimits = {}) {
  const running = startAuth({ allowedHosts, signOutLimits });
  const user = await running.addUser();
  const client = running.addClient({ backchannelLogoutUri: uri });
  const browser = new Browser(running);
  await browser.complete(client);
  const signOut = () => running.auth.signOut({ tenant: "default", parameters: [], session: browser.session, confirmed: true });
  return { ...running, user, client, browser, signOut };
}

test("the application is told of the session that has ended, once", async () => {
  const { uri, host, bodies } = await receiver();
  const { signOut, signOutDelivery, client, user } = await signedIn(uri, [host]);
  await signOut();
  signOutDelivery.start();
  await expect.poll(() => bodies.length).toBe(1);
  const { clientId, userId, sid } = JSON.parse(new URLSearchParams(bodies[0]).get("logout_token") ?? "");
  expect([clientId, userId]).toEqual([client.id, user.id]);
  expect(sid).toMatch(/^[0-9a-f]{32}$/);
  await signOut();
  await signOutDelivery.close();
  expect(bodies).toHaveLength(1);
});

test("an application that never says yes is given up in the end, and somebody hears of it", async () => {
  const { uri, host, bodies } = await receiver(400);
  const { signOut, signOutDelivery, tokens, client, advance } = await signedIn(uri, [host]);
  await signOut();
  signOutDelivery.start();
  await expect
    .poll(
      () => {
        // An attempt that this comes upon is made anew, as by another process: so there may be one more.
        advance(4 * 60 * 60 * 1000);
        signOutDelivery.wake();
        return tokens.givenUp;
      },
      { timeout: 10_000, interval: 20 },
    )
    .toContainEqual(expect.objectContaining({ clientId: client.id, attempts: 9 }));
  expect(pauseAfterLogoutAttempt(9)).toBeUndefined();
  expect(bodies.length).toBeGreaterThanOrEqual(9);
});

test("S1: an application at an address that is not public is not asked", async () => {
  const { uri, bodies } = await receiver();
  const { signOut, signOutDelivery, dependencies, advance, tokens, client } = await signedIn(uri, []);
  await expect(dependencies.outbound.post(uri, { tenant: client.tenantId, contentType: "text/plain", body: "" })).rejects.toThrow(
    OutboundError,
  );
  await signOut();
  signOutDelivery.start();
  await expect
    .poll(
      () => {
        advance(4 * 60 * 60 * 1000);
        signOutDelivery.wake();
        return tokens.givenUp.length;
      },
      { timeout: 10_000, interval: 20 },
    )
    .toBeGreaterThanOrEqual(1);
  expect(bodies).toEqual([]);
});

test("what was granted is ended at once, and once more when no code of the session is good any more", async () => {
  const { signOut, signOutDelivery, tokens, advance } = await signedIn("https://app.example/logout", []);
  await signOut();
  expect(tokens.endedSessions).toHaveLength(1);
  signOutDelivery.start();
  await expect
    .poll(() => {
      advance(30_000);
      signOutDelivery.wake();
      return tokens.endedSessions.length;
    })
    .toBe(2);
  expect(new Set(tokens.endedSessions).size).toBe(1);
});

test("a token service that is away keeps nobody from signing out: what was granted is ended when it is back", async () => {
  const { signOut, signOutDelivery, tokens, advance, browser, auth } = await signedIn("https://app.example/logout", []);
  tokens.onCall = () => {
    throw new ResourceError("unavailable", "the token service is away");
  };
  expect((await signOut()).outcome?.$case).toBe("signedOut");
  expect((await auth.getSession({ tenant: "default", session: browser.session })).user).toBeUndefined();
  signOutDelivery.start();
  tokens.onCall = () => {};
  await expect
    .poll(() => {
      advance(10_000);
      signOutDelivery.wake();
      return tokens.endedSessions.length;
    })
    .toBeGreaterThanOrEqual(1);
});

test("a session whose end cannot be kept stands, and can be ended again", async () => {
  const { signOut, stores, dependencies, browser, auth, client } = await signedIn("https://app.example/logout", []);
  const { add } = stores.signOutTasks;
  Object.assign(dependencies.stores.signOutTasks, { add: () => Promise.reject(new ResourceError("unavailable", "away")) });
  await expect(signOut()).rejects.toThrow("away");
  expect((await auth.getSession({ tenant: "default", session: browser.session })).user).toBeDefined();
  Object.assign(dependencies.stores.signOutTasks, { add });
  expect((await signOut()).outcome?.$case).toBe("signedOut");
  expect(started(await browser.authorize(client)).step).toBeDefined();
});

test("front-channel logout addresses carry iss and sid, whatever was registered", async () => {
  const running = startAuth();
  await running.addUser();
  const browser = new Browser(running);
  for (const path of ["logout", "logout?app=1"]) {
    await browser.complete(running.addClient({ frontchannelLogoutUri: `https://app.example/${path}` }));
  }
  const { outcome } = await running.auth.signOut({
    tenant: "default",
    parameters: [],
    session: browser.session,
    confirmed: true,
  });
  const frames = outcome?.$case === "signedOut" ? [...outcome.value.frameUris].sort() : [];
  expect(frames.map((uri) => uri.replace(/sid=[0-9a-f]{32}$/, "sid=SID"))).toEqual([
    "https://app.example/logout?app=1&iss=https%3A%2F%2Fid.example&sid=SID",
    "https://app.example/logout?iss=https%3A%2F%2Fid.example&sid=SID",
  ]);
});

test("X23: while a tenant's many receivers hang, other tenants' are told without delay, and what was granted at that tenant is ended", async () => {
  const hung = await Promise.all(Array.from({ length: 16 }, hungReceiver));
  const prompt = await receiver();
  const running = startAuth({ allowedHosts: [...hung, prompt].map(({ host }) => host) });
  const other = running.addTenant("other");
  const hanging = [...hung, ...hung, ...hung, ...hung].map(({ uri }) => running.addClient({ backchannelLogoutUri: uri }));
  await addTasks(running, hanging, running.tenant);
  running.advance(1000);
  await addTasks(running, [running.addClient({ backchannelLogoutUri: prompt.uri }, other)], other);
  const { id: tenantId, name: tenantName } = running.tenant;
  const ended = { tenantId, tenantName, userId: newUserId(randomBytes), sessionPublicId: newSessionPublicId(randomBytes) };
  await running.stores.signOutTasks.add({ ...ended, createdAt: running.now() }, running.now());
  running.signOutDelivery.start();
  // Sooner than the first of the receivers that hang is given up.
  await expect.poll(() => [prompt.bodies.length, running.tokens.endedSessions.length], { timeout: 4000 }).toEqual([1, 1]);
});

test("X23: a client that hangs is asked twice at a time, and the tenant's others are told without delay", async () => {
  const [hung, prompt] = [await hungReceiver(), await receiver()];
  const running = startAuth({ allowedHosts: [hung.host, prompt.host] });
  const hanging = running.addClient({ backchannelLogoutUri: hung.uri });
  await addTasks(running, Array<Client>(100).fill(hanging), running.tenant);
  running.advance(1000);
  await addTasks(running, [running.addClient({ backchannelLogoutUri: prompt.uri })], running.tenant);
  running.signOutDelivery.start();
  await expect.poll(() => prompt.bodies.length, { timeout: 4000 }).toBe(1);
  expect(hung.asked).toHaveLength(2);
});

test("of what waits to be told at a tenant the oldest goes where it is too much, and somebody hears of it", async () => {
  const { uri, host, bodies } = await receiver();
  const running = startAuth({ allowedHosts: [host], signOutLimits: { waitingPerTenant: 3 } });
  const clients = Array.from({ length: 5 }, () => running.addClient({ backchannelLogoutUri: uri }));
  await addTasks(running, clients, running.tenant);
  running.advance(1000);
  running.signOutDelivery.added(running.tenant);
  running.signOutDelivery.start();
  await expect.poll(() => bodies.length).toBe(3);
  expect(running.tokens.crowdedOut).toEqual([{ name: "default", count: 2 }]);
  const told = bodies.map((body) => JSON.parse(new URLSearchParams(body).get("logout_token") ?? "").clientId);
  expect(new Set(told)).toEqual(new Set(clients.slice(2).map(({ id }) => id)));
});

test("a sign-out that has clients told sees to it that not too much waits at the tenant", async () => {
  const { uri, host } = await receiver();
  const { signOut, signOutDelivery, tokens } = await signedIn(uri, [host], { waitingPerTenant: 0 });
  await signOut();
  signOutDelivery.start();
  await expect.poll(() => tokens.crowdedOut).toEqual([{ name: "default", count: 1 }]);
});

/** The clients that are to be told, each once. */
async function clientsToTell({ stores, now }: RunningAuth): Promise<readonly string[]> {
  const clients: string[] = [];
  for (;;) {
    const task = await stores.signOutTasks.claim(now(), later(now(), 60_000), { clients: [], tenants: [] });
    if (task === undefined) return clients;
    clients.push(task.clientId ?? "");
    await stores.signOutTasks.finish(task);
  }
}

test("a client that asks for a code in the very moment of the sign-out is told of it, or gets none", async () => {
  const running = startAuth();
  await running.addUser();
  const client = running.addClient({ backchannelLogoutUri: "https://app.example/logout" });
  const elsewhere = running.addClient();
  await new Browser(running).complete(client);
  const met = new Set<string>();
  for (let step = 0; step < 60; step++) {
    const browser = new Browser(running);
    await browser.complete(elsewhere);
    const signingOut = running.auth.signOut({ tenant: "default", parameters: [], session: browser.session, confirmed: true });
    // As far into the sign-out as so many turns of the event loop, and of its queue of what is resolved, lead.
    for (let turn = 0; turn < Math.floor(step / 10); turn++) await setImmediate();
    for (let turn = 0; turn < step % 10; turn++) await Promise.resolve();
    const outcome = await browser.authorize(client);
    await signingOut;
    const told = await clientsToTell(running);
    const got = outcome?.$case === "redirect" ? answer(outcome) : undefined;
    expect([step, got?.code === undefined || told.includes(client.id)]).toEqual([step, true]);
    met.add(got === undefined ? "signs in" : (got.error ?? "code"));
  }
  expect([...met].sort()).toEqual(["code", "login_required", "signs in"]);
});
