import { expect, test } from "vitest";
import { fillForm } from "./form.ts";

const page = `<form id="consent" method="post" action="/consent/1?a=1&amp;b=2">
<input type="hidden" name="csrf_token" value="abc">
<input id="username" name="username" type="text" value="" required>
<button type="submit" name="decision" value="deny">Deny</button><button type="submit" name="decision" value="allow">Allow</button>
<button type="submit">Help</button></form>`;

test("hidden fields stay, and answers go where the form has a place for them", () => {
  const { action, fields } = fillForm(page, { username: "alice", decision: "allow", password: "nowhere asked for" });
  expect(action).toBe("/consent/1?a=1&b=2");
  expect(Object.fromEntries(fields)).toEqual({ csrf_token: "abc", username: "alice", decision: "allow" });
});

test("a page without a form is an error that shows the page", () => {
  expect(() => fillForm("<h1>Something went wrong</h1>", {})).toThrow("Something went wrong");
});
