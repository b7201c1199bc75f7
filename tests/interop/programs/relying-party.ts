import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { claimsPage, errorPage, plainPage } from "./pages.ts";
import type { Setting } from "./setting.ts";

/** What a library does for a relying party. `Checks` is what it keeps while a person signs in, `Tokens` what it gets. */
export interface Library<Checks, Tokens> {
  begin(): Promise<{ readonly url: URL; readonly checks: Checks }>;
  finish(callback: URL, checks: Checks): Promise<Tokens>;
  refresh(tokens: Tokens): Promise<Tokens>;
  /** The claims of the ID token. */
  claims(tokens: Tokens): object;
  userinfo(tokens: Tokens): Promise<object>;
  /** Where the browser goes to sign the person out at the provider, which sends it on to `returnTo`. */
  signOut(tokens: Tokens, returnTo: string): URL;
}

interface Session<Checks, Tokens> {
  checks?: Checks | undefined;
  tokens?: Tokens | undefined;
}

/** A program of the form that the suite drives, on a library. It says `ready` once it listens. */
export function serveRelyingParty<Checks, Tokens>({ home, callback }: Setting, library: Library<Checks, Tokens>): void {
  const sessions = new Map<string, Session<Checks, Tokens>>();
  const signedIn = ({ tokens }: Session<Checks, Tokens>): Tokens => {
    if (tokens === undefined) throw new Error("nobody is signed in");
    return tokens;
  };
  const routes: Record<string, (session: Session<Checks, Tokens>, url: URL) => Promise<string | URL>> = {
    async "/login"(session) {
      const { url, checks } = await library.begin();
      session.checks = checks;
      return url;
    },
    async "/callback"(session, url) {
      if (session.checks === undefined) throw new Error("nobody has begun to sign in");
      session.tokens = await library.finish(url, session.checks);
      session.checks = undefined;
      return claimsPage("Signed in", library.claims(session.tokens));
    },
    async "/refresh"(session) {
      session.tokens = await library.refresh(signedIn(session));
      return claimsPage("Refreshed", library.claims(session.tokens));
    },
    async "/userinfo"(session) {
      return claimsPage("Userinfo", await library.userinfo(signedIn(session)));
    },
    async "/logout"(session) {
      return library.signOut(signedIn(session), `${home}signed-out`);
    },
    async "/signed-out"(session) {
      session.tokens = undefined;
      return plainPage("Signed out");
    },
  };
  createServer(async ({ url = "/", headers }, response) => {
    const id = /relying_party=([0-9a-f-]{36})/.exec(headers.cookie ?? "")?.[1] ?? randomUUID();
    const session = sessions.getOrInsert(id, {});
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.setHeader("Set-Cookie", `relying_party=${id}; HttpOnly; SameSite=Lax; Path=/`);
    try {
      const target = new URL(url, callback);
      const outcome = (await routes[target.pathname]?.(session, target)) ?? plainPage("Nothing here");
      if (typeof outcome === "string") response.end(outcome);
      else response.writeHead(303, { Location: outcome.href }).end();
    } catch (error) {
      response.writeHead(400).end(errorPage(error));
    }
  }).listen(Number(home.port), "localhost", () => console.log("ready"));
}
