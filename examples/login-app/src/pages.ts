import { readFileSync } from "node:fs";

const layout = readFileSync(new URL("page.html", import.meta.url), "utf8");
const page = (content: string) => layout.replace("<!-- content -->", () => content);
const button = (action: string, label: string) => `<form method="post" action="${action}"><button>${label}</button></form>`;
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const row = ([name, value]: [string, unknown]) => `<dt>${escaped(name)}</dt><dd>${escaped(JSON.stringify(value))}</dd>`;
const table = (claims: object) => `<dl>${Object.entries(claims).map(row).join("")}</dl>`;

export const signedOutPage = page(`<h1>Welcome</h1><p>You are not signed in.</p><nav>${button("/sign-in", "Sign in")}</nav>`);
export const errorPage = (error: unknown) =>
  page(`<h1>That did not work</h1><p>${escaped(String(error))}</p><nav>${button("/sign-out", "Begin again")}</nav>`);
export const signedInPage = (person: { sub: string; name?: string }, idToken: object, accessToken: string) =>
  page(`<h1>Hello, ${escaped(person.name ?? person.sub)}</h1>
    <nav>${button("/refresh", "Refresh")}${button("/sign-out", "Sign out")}</nav>
    <h2>Userinfo</h2>${table(person)}<h2>ID token</h2>${table(idToken)}
    <h2>Access token</h2><dl><dt>ends with</dt><dd id="access-token">${escaped(accessToken.slice(-24))}</dd></dl>`);
