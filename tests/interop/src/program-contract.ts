import { useChromium } from "@signet/e2e/chromium";
import { decideOn, reach, signInOn } from "@signet/e2e/on-page";
import {
  createTenant,
  createUser,
  type Home,
  type Person,
  type Signet,
  signIn,
  startSignet,
  type UserAgent,
  userAgent,
  type Visit,
} from "@signet/testkit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RelyingPartyProgram, startRelyingParty } from "./relying-party-program.ts";
import { type Command, versionOf } from "./toolchains.ts";

export interface ProgramUnderTest {
  /** The libraries. */
  readonly name: string;
  /** What has to be on the path. */
  readonly tool?: "go" | "python3";
  readonly command: () => Promise<Command>;
  /** What its library needs of the client beside the defaults. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const setUpMilliseconds = 300_000;

/** What every relying party does, whatever it is written in: sign a person in, refresh, ask for userinfo, sign out. */
export async function testProgram({ name, tool, command, metadata = {} }: ProgramUnderTest): Promise<void> {
  const isMissing = tool !== undefined && (await versionOf(tool)) === undefined;
  if (isMissing && process.env.CI !== undefined) throw new Error(`${name} cannot be tried: there is no ${tool} on the PATH.`);
  if (isMissing) console.warn(`${name} is skipped: there is no ${tool} on the PATH.`);

  describe.skipIf(isMissing)(name, () => {
    let signet: Signet;
    let homes: Readonly<Record<string, Home>>;
    const parties: Record<string, RelyingPartyProgram> = {};
    beforeAll(async () => {
      const [started, program] = await Promise.all([startSignet(), command()]);
      signet = started;
      homes = { default: signet, other: await createTenant(signet, "interop") };
      for (const [tenant, home] of Object.entries(homes)) parties[tenant] = await startRelyingParty(home, program, metadata);
    }, setUpMilliseconds);
    afterAll(async () => {
      for (const { program } of Object.values(parties)) {
        program.signal("SIGTERM");
        await program.ended();
      }
      await signet.stop();
    });

    /** The program of a tenant, and somebody who has not been there yet. */
    async function newcomer(
      tenant: string,
    ): Promise<{ readonly url: string; readonly person: Person & { readonly id: string } }> {
      const [home, party] = [homes[tenant], parties[tenant]];
      if (home === undefined || party === undefined) throw new Error(`there is no tenant ${tenant}`);
      const person = await createUser(home, `person-${performance.now()}`.replace(".", "-"), { claims: { name: "Alice" } });
      return { url: party.url, person };
    }

    describe.each(["default", "other"])("at the tenant %s", (tenant) => {
      const chromium = useChromium();

      test("a person signs in through a browser; the program refreshes, asks for userinfo, and signs the person out", async () => {
        const { url, person } = await newcomer(tenant);
        const page = await chromium.newPage();
        await page.goto(`${url}/login`);
        await signInOn(page, person);
        await decideOn(page, "Allow");
        expect(await claimsOn(page, "Signed in")).toMatchObject({ sub: person.id });
        await page.goto(`${url}/refresh`);
        expect(await claimsOn(page, "Refreshed")).toMatchObject({ sub: person.id });
        await page.goto(`${url}/userinfo`);
        expect(await claimsOn(page, "Userinfo")).toMatchObject({ sub: person.id, name: "Alice" });
        await page.goto(`${url}/logout`);
        await reach(page, "Signed out");
        await page.goto(`${url}/login`);
        await reach(page, "Sign in");
      });

      test("the same goes by form posts, without a script", async () => {
        const { url, person } = await newcomer(tenant);
        const browser = pairOfAgents(url, signet.url);
        const signedIn = await browser.open(`${url}/login`, (page) => signIn(browser.atSignet, page, person));
        expect(claimsIn(signedIn, "Signed in")).toMatchObject({ sub: person.id });
        expect(claimsIn(await browser.open(`${url}/refresh`), "Refreshed")).toMatchObject({ sub: person.id });
        expect(claimsIn(await browser.open(`${url}/refresh`), "Refreshed")).toMatchObject({ sub: person.id });
        expect(claimsIn(await browser.open(`${url}/userinfo`), "Userinfo")).toMatchObject({ sub: person.id, name: "Alice" });
        const signedOut = await browser.open(`${url}/logout`, async ({ callback, heading }) => {
          if (callback === undefined) throw new Error(`Signet does not send the browser back, but shows "${heading}"`);
          return callback;
        });
        expect(signedOut.heading).toBe("Signed out");
        const again = await browser.open(`${url}/login`, async ({ heading }) => new URL(`${url}/signed-out?${heading}`));
        expect(new URL(again.url).search).toBe("?Sign%20in");
      });
    });
  });
}

async function claimsOn(page: Page, heading: string): Promise<unknown> {
  await reach(page, heading);
  return JSON.parse((await page.locator("#claims").textContent()) ?? "");
}

function claimsIn({ heading, html }: Visit, expected: string): unknown {
  if (heading !== expected) throw new Error(`the page is "${heading}" instead of "${expected}":\n${html}`);
  const text = /<pre id="claims">([\s\S]*?)<\/pre>/.exec(html)?.[1] ?? "";
  return JSON.parse(text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)).replaceAll("&quot;", '"'));
}

/** A browser without scripts that goes to and fro between a program and Signet. */
function pairOfAgents(url: string, signetUrl: string) {
  const atProgram = userAgent(url);
  const atSignet: UserAgent = userAgent(signetUrl);
  return {
    atSignet,
    /** Opens a page of the program; where that leads to Signet, `there` says how it goes on. */
    async open(target: string, there?: (page: Visit) => Promise<URL>): Promise<Visit> {
      const page = await atProgram.open(target);
      if (page.callback === undefined || there === undefined) return page;
      return atProgram.open((await there(await atSignet.open(page.callback.href))).href);
    },
  };
}
