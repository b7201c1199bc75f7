import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applicationHeading } from "./callback-server.ts";
import { describeInBrowser, useChromium } from "./chromium.ts";
import { type Northwind, startNorthwind } from "./northwind.ts";
import { reach, signInOn } from "./on-page.ts";

let northwind: Northwind;
beforeAll(async () => {
  northwind = await startNorthwind();
});
afterAll(() => northwind.stop());

const chromium = useChromium();

describeInBrowser("to a screen reader", () => {
  test("every page is what it is called, with one heading of the first level, its landmarks, labels and alerts", async () => {
    const page = await chromium.newPage({ javaScriptEnabled: false });
    const heard: Record<string, string> = {};
    await northwind.visitEveryPage(page, await northwind.newRequest({}, "openid email"), async (name) => {
      expect([name, await page.getByRole("heading", { level: 1 }).count(), await page.getByRole("main").count()]).toEqual([
        name,
        1,
        1,
      ]);
      expect([name, await page.locator("html").getAttribute("lang")]).toEqual([name, "en"]);
      heard[name] = (await page.locator("body").ariaSnapshot())
        .replaceAll(northwind.application.origin, "http://application")
        .replace(/[0-9a-f]{18}/, "0123456789");
    });
    expect(heard).toMatchInlineSnapshot(`
      {
        "consent": "- banner: northwind
      - main:
        - heading "Allow access" [level=1]
        - paragraph:
          - strong:
            - link "Acme Notes (opens in a new tab)":
              - /url: http://application/
          - text: wants to use your northwind account.
        - paragraph:
          - text: Signed in as
          - strong: Ada Lovelace
          - text: ada
        - region "What it asks for":
          - heading "What it asks for" [level=2]
          - list:
            - listitem: "Know who you are: recognise you by an identifier each time you sign in"
            - listitem: See your email address, and whether it has been verified
        - paragraph:
          - text: Acme Notes never sees your password. Read its
          - link "Privacy policy (opens in a new tab)":
            - /url: http://application/policy
          - text: and
          - link "Terms of service (opens in a new tab)":
            - /url: http://application/terms
          - text: before you decide.
        - form "Allow access":
          - button "Deny"
          - button "Allow"",
        "error": "- banner: northwind
      - main:
        - heading "This request cannot be served" [level=1]
        - paragraph: The application sent a request that Signet does not accept. Go back to the application and try again; if it happens again, tell the people who run it.
        - term: Error
        - definition: "invalid_request: the parameter response_type was sent more than once"
        - term: Reference
        - definition: 0123456789
        - link "Go to the start page":
          - /url: /northwind/",
        "expired": "- banner: northwind
      - main:
        - heading "This page has expired" [level=1]
        - paragraph: This page belongs to a sign-in that has ended or was begun in another browser; go back to the application and sign in again.
        - term: Reference
        - definition: 0123456789
        - link "Go to the start page":
          - /url: /northwind/",
        "form_post": "- main:
        - heading "Continue to the application" [level=1]
        - paragraph: You are being taken back to the application. If nothing happens, press the button.
        - button "Continue"",
        "select-account": "- banner: northwind
      - main:
        - heading "Choose an account" [level=1]
        - paragraph:
          - text: to continue to
          - strong: Acme Notes
        - form "Choose an account":
          - button "Continue as Ada Lovelace ada":
            - text: Continue as
            - strong: Ada Lovelace
            - text: ada
          - button "Sign in with another account"
          - button "Cancel"",
        "sign-in": "- banner: northwind
      - main:
        - heading "Sign in" [level=1]
        - paragraph:
          - text: to continue to
          - strong: Acme Notes
        - form "Sign in":
          - text: Username
          - textbox "Username"
          - text: Password
          - textbox "Password"
          - button "Sign in"
      - contentinfo:
        - paragraph: Acme Notes
        - paragraph:
          - link "Privacy policy (opens in a new tab)":
            - /url: http://application/policy
          - link "Terms of service (opens in a new tab)":
            - /url: http://application/terms",
        "sign-in with a problem": "- banner: northwind
      - main:
        - heading "Sign in" [level=1]
        - paragraph:
          - text: to continue to
          - strong: Acme Notes
        - alert:
          - paragraph: The username or the password is wrong.
        - form "Sign in":
          - text: Username
          - textbox "Username" [invalid]: ada
          - text: Password
          - textbox "Password" [invalid]
          - button "Sign in"
      - contentinfo:
        - paragraph: Acme Notes
        - paragraph:
          - link "Privacy policy (opens in a new tab)":
            - /url: http://application/policy
          - link "Terms of service (opens in a new tab)":
            - /url: http://application/terms",
        "sign-out": "- banner: northwind
      - main:
        - heading "Sign out?" [level=1]
        - paragraph:
          - text: Signed in as
          - strong: Ada Lovelace
          - text: ada
        - paragraph: This also signs you out of the applications that you signed in to here with this browser.
        - form "Sign out?":
          - link "Cancel":
            - /url: /northwind/signed-in
          - button "Sign out"",
        "signed-in": "- banner: northwind
      - main:
        - heading "You are signed in" [level=1]
        - paragraph: You can close this page or return to your application.
        - paragraph:
          - text: Signed in as
          - strong: Ada Lovelace
          - text: ada
        - button "Sign out"",
        "signed-out": "- banner: northwind
      - main:
        - heading "You are signed out" [level=1]
        - paragraph: "If others use this computer, close the browser too: applications may keep a session of their own."
        - link "Sign in again":
          - /url: /northwind/",
      }
    `);
  });

  test("what is wrong with the form is said of its fields", async () => {
    const page = await chromium.newPage();
    await page.goto(`${northwind.issuer}/`);
    await signInOn(page, { ...northwind.person, password: "not the password" });
    await page.getByRole("alert").waitFor();
    for (const field of [page.getByLabel("Username"), page.getByLabel("Password")]) {
      expect(await field.getAttribute("aria-invalid")).toBe("true");
      expect(await page.locator(`#${await field.getAttribute("aria-describedby")}`).textContent()).toBe(
        "The username or the password is wrong.",
      );
    }
  });
});

describeInBrowser("by keyboard alone", () => {
  /** What has the focus, by role and name, and how thick a line shows it. */
  const focused = async (page: Page) => {
    const [name, outline, style] = await page.evaluate<readonly [string, number, string]>(`(() => {
      const { activeElement: element } = document;
      const style = getComputedStyle(element);
      return [element.labels?.[0]?.textContent ?? element.textContent, parseFloat(style.outlineWidth), style.outlineStyle];
    })()`);
    expect([name, style]).toEqual([name, "solid"]);
    expect(outline).toBeGreaterThanOrEqual(2);
    return name;
  };
  const tabThrough = async (page: Page, count: number): Promise<readonly string[]> => {
    const names: string[] = [];
    for (let index = 0; index < count; index++) {
      await page.keyboard.press("Tab");
      names.push(await focused(page));
    }
    return names;
  };

  test("a person signs in and agrees, in the order of the page, and always sees where they are", async () => {
    const page = await chromium.newPage();
    await page.goto(await northwind.newRequest());
    expect(await focused(page)).toBe("Username");
    await page.keyboard.type(northwind.person.username);
    expect(await tabThrough(page, 1)).toEqual(["Password"]);
    await page.keyboard.type("not the password");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await focused(page)).toBe("Password");
    await page.keyboard.type(northwind.person.password);
    expect(await tabThrough(page, 3)).toEqual([
      "Sign in",
      "Privacy policy (opens in a new tab)",
      "Terms of service (opens in a new tab)",
    ]);
    for (let count = 0; count < 2; count++) await page.keyboard.press("Shift+Tab");
    expect(await focused(page)).toBe("Sign in");
    await page.keyboard.press("Enter");

    await reach(page, "Allow access");
    expect(await tabThrough(page, 5)).toEqual([
      "Acme Notes (opens in a new tab)",
      "Privacy policy (opens in a new tab)",
      "Terms of service (opens in a new tab)",
      "Deny",
      "Allow",
    ]);
    await page.keyboard.press("Enter");
    await reach(page, applicationHeading);
  });

  test("a stray Enter on the consent page decides nothing", async () => {
    const page = await chromium.newPage();
    await page.goto(await northwind.newRequest());
    await signInOn(page, northwind.person);
    await reach(page, "Allow access");
    const url = page.url();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    await page.reload();
    await reach(page, "Allow access");
    expect(page.url()).toBe(url);
  });

  test("a person signs out, and in again", async () => {
    const page = await chromium.newPage();
    await page.goto(`${northwind.issuer}/`);
    await signInOn(page, northwind.person);
    await reach(page, "You are signed in");
    expect(await tabThrough(page, 1)).toEqual(["Sign out"]);
    await page.keyboard.press("Enter");
    await reach(page, "You are signed out");
    expect(await tabThrough(page, 1)).toEqual(["Sign in again"]);
    await page.keyboard.press("Enter");
    await reach(page, "Sign in");
  });
});
