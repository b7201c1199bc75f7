import { personEmblem } from "./emblem.ts";
import { type Html, html } from "./html.ts";
import type { UserView } from "./views.ts";

/** Who is signed in: the name, and the username where it says more. */
export function account({ name, username }: UserView): Html {
  const shown = name.trim() === "" ? username : name;
  return html`<div class="account row">${personEmblem(shown)}<p><small>Signed in as</small><strong id="user-name" dir="auto">${shown}</strong>${
    shown === username ? undefined : html`<small id="user-username" dir="auto">${username}</small>`
  }</p></div>`;
}
