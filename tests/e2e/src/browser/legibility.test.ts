import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser, useChromium } from "./chromium.ts";
import { type Northwind, startNorthwind } from "./northwind.ts";
import { styleOf } from "./on-page.ts";

/** A name as long as it may be, and without a place to break at. */
const long = "Donaudampfschifffahrtsgesellschaftskapitaen".repeat(3);

let northwind: Northwind;
beforeAll(async () => {
  northwind = await startNorthwind();
});
afterAll(() => northwind.stop());

const chromium = useChromium();

/** Text of the page that is not 4.5 times as light or as dark as what it stands on (WCAG 2.2, 1.4.3), and what of the page is out of the window. */
const flaws = `(() => {
  const luminance = (colour) => {
    const [red, green, blue] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const surface = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return backgroundColor === "rgba(0, 0, 0, 0)" && element.parentElement ? surface(element.parentElement) : backgroundColor;
  };
  const found = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push("the page is " + scrollWidth + " wide");
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
    if (text === "" || element.closest("script, .visually-hidden")) continue;
    const [lighter, darker] = [luminance(getComputedStyle(element).color), luminance(surface(element))].sort((a, b) => b - a);
    if ((lighter + 0.05) / (darker + 0.05) < 4.5) found.push("cannot be read: " + text);
    const { left, right } = element.getBoundingClientRect();
    if (left < 0 || right > clientWidth) found.push("sticks out: " + text);
  }
  return found;
})()`;

describeInBrowser.each([
  [320, "light"],
  [320, "dark"],
  [1440, "light"],
  [1440, "dark"],
] as const)("in a window of %d pixels, %s", (width, colorScheme) => {
  test("every page fits and can be read, however long the names on it are", async () => {
    await northwind.brand({ name: long.slice(0, 100), accent_color: "#f2b705" });
    const page = await chromium.newPage({ javaScriptEnabled: false, colorScheme, viewport: { width, height: 640 } });
    const metadata = { client_name: long, scopes: [{ name: "long", desc: long, fields: ["roles"] }] };
    const backgrounds = new Set<unknown>();
    await northwind.visitEveryPage(page, await northwind.newRequest(metadata, "openid long"), async (name) => {
      expect([name, await page.evaluate(flaws)]).toEqual([name, []]);
      backgrounds.add(await styleOf(page, "body", "background-color"));
    });
    const light = width === 320 ? "rgb(255, 255, 255)" : "rgb(243, 244, 246)";
    const dark = width === 320 ? "rgb(22, 25, 31)" : "rgb(12, 14, 18)";
    expect([...backgrounds]).toEqual([colorScheme === "light" ? light : dark]);
  });
});
