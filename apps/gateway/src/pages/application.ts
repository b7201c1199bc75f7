import type { Emblem } from "./emblem.ts";
import { type Html, html } from "./html.ts";
import { applicationName, type ClientView } from "./views.ts";

/** The application that a person is on the way to. */
export function application(client: ClientView, emblem: Emblem): Html {
  return html`<div class="application row">${emblem.markup}<p>to continue to <strong><bdi id="client-name" dir="auto">${applicationName(client)}</bdi></strong></p></div>`;
}
