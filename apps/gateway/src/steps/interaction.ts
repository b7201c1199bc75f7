import { type Parameters, parseInteractionId, parseParameters, ResourceError } from "@signet/protocol";
import { isCsrfTokenOf, readInteraction } from "../cookies/interaction-cookie.ts";
import { readSession } from "../cookies/session-cookie.ts";
import type { Services, Step } from "../endpoint.ts";
import { readForm } from "../http/form-body.ts";
import { HttpError } from "../http/http-error.ts";
import type { IssuerRequest } from "../http/request.ts";

/** An interaction as this browser holds it. Without its cookie the link is worth nothing: it was made in another browser (B2). */
export interface BrowserInteraction {
  readonly id: string;
  readonly secret: string;
  readonly session: string;
}

/** A form that was posted to an interaction. */
export interface InteractionForm {
  readonly interaction: BrowserInteraction;
  readonly fields: Parameters;
  /** Whether only this browser's page of the interaction can have sent it. Nothing is done for one that is not. */
  readonly isOurs: boolean;
}

const notThisBrowsers =
  "this page belongs to a sign-in that has ended or was begun in another browser; go back to the application and sign in again";

export const interaction: Step<IssuerRequest, { readonly interaction: BrowserInteraction }> = {
  run(request, services) {
    const held = interactionOf(request, services);
    if (held === undefined) throw new ResourceError("not_found", notThisBrowsers);
    return { interaction: held };
  },
};

/** For an endpoint that says itself what is wrong with a form that is not ours. */
export const anyInteractionForm: Step<IssuerRequest, InteractionForm> = { run: readInteractionForm };

/** The fields of a form that only this browser's page of the interaction can have sent. */
export const interactionForm: Step<IssuerRequest, InteractionForm> = {
  async run(request, services) {
    const form = await readInteractionForm(request, services);
    if (!form.isOurs) throw notFromOurPage();
    return form;
  },
};

function interactionOf(
  { pathParameters, headers, tenant }: IssuerRequest,
  { cookies }: Services,
): BrowserInteraction | undefined {
  const id = parseInteractionId(pathParameters.interaction ?? "");
  const secret = id === undefined ? "" : readInteraction(cookies, headers, id);
  return id === undefined || secret === "" ? undefined : { id, secret, session: readSession(cookies, headers, tenant) };
}

async function readInteractionForm(request: IssuerRequest, services: Services): Promise<InteractionForm> {
  const interaction = interactionOf(request, services);
  // Without its cookie no form can be told from a forged one (B1).
  if (interaction === undefined) throw new HttpError(403, notThisBrowsers);
  const fields = parseParameters(await readForm(request));
  return { interaction, fields, isOurs: isCsrfTokenOf(interaction.secret, fields.get("csrf_token") ?? "") };
}

/** The answer to a form that another site may have made. */
export function notFromOurPage(): HttpError {
  return new HttpError(403, "the form was not sent from this page, or the page is too old. Go back, reload it and try again");
}
