import type { Person } from "@signet/testkit";
import type { Page } from "playwright-core";

/** Waits for the page with this heading. */
export async function reach(page: Page, heading: string): Promise<void> {
  await page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
}

export async function press(page: Page, button: string): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).click();
}

/** Fills in the sign-in form and sends it. */
export async function signInOn(page: Page, { username, password }: Person): Promise<void> {
  await reach(page, "Sign in");
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password").fill(password);
  await press(page, "Sign in");
}

/** Answers the consent page. */
export async function decideOn(page: Page, decision: "Allow" | "Deny"): Promise<void> {
  await reach(page, "Allow access");
  await press(page, decision);
}

/** A property of the computed style of the element that `selector` finds. */
export function styleOf(page: Page, selector: string, property: string): Promise<unknown> {
  return page.evaluate(
    `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).getPropertyValue(${JSON.stringify(property)})`,
  );
}

/** The width of the image in its own pixels, once it is loaded. @throws Error where the browser refused to load it */
export function imageWidth(page: Page, selector: string): Promise<number> {
  return page.locator(selector).evaluate(async (image: { readonly naturalWidth: number; decode(): Promise<void> }) => {
    await image.decode();
    return image.naturalWidth;
  });
}
