import { describe, expect, test } from "vitest";
import { Html, html } from "./html.ts";

describe("html", () => {
  test("escapes every character that could end a text or a quoted attribute", () => {
    expect(html`<p title="${`"'`}">${"<b>&amp;</b>"}</p>`.toString()).toBe(
      '<p title="&quot;&#39;">&lt;b&gt;&amp;amp;&lt;/b&gt;</p>',
    );
  });

  test("leaves markup as it is, alone and in lists", () => {
    const items = ["<a>", "b"].map((text) => html`<li>${text}</li>`);
    expect(html`<ul>${items}</ul>${new Html("<hr>")}`.toString()).toBe("<ul><li>&lt;a&gt;</li><li>b</li></ul><hr>");
  });

  test("renders undefined as nothing, and the number 0 as itself", () => {
    expect(html`[${undefined}|${""}|${0}]`.toString()).toBe("[||0]");
  });

  test("takes nothing for markup but what it made itself", () => {
    const claimed = JSON.parse('"<b>"');
    expect(html`${claimed}`.toString()).toBe("&lt;b&gt;");
    expect(html`${`${new Html("<b>")}`}`.toString()).toBe("&lt;b&gt;");
  });
});
