import { auth } from "@signet/contracts";
import type { Client, Tenant } from "@signet/protocol";
import { password, type RunningAuth } from "./running-auth.ts";

/** How a browser names the interaction that it is in. */
export interface Interaction {
  readonly id: string;
  readonly secret: string;
}

/** What the application gets, with the parameters by name. */
export interface Answer {
  readonly redirectUri: string;
  readonly responseMode: string;
  readonly [parameter: string]: string;
}

/** The gateway's part: keeps the session's value, and hands back what it got. */
export class Browser {
  session = "";
  readonly running: RunningAuth;
  readonly #tenant: Tenant;

  constructor(running: RunningAuth, tenant: Tenant = running.tenant) {
    this.running = running;
    this.#tenant = tenant;
  }

  /** A good request of the client with the members of `changes` in place of its own; an undefined one is left out. */
  async authorize(
    client: Client,
    changes: Readonly<Record<string, string | undefined>> = {},
  ): Promise<auth.AuthorizeResponse["outcome"]> {
    const sent = {
      client_id: client.id,
      redirect_uri: client.metadata.redirectUris[0],
      response_type: "code",
      scope: "openid",
      state: "xyz",
      ...changes,
    };
    const parameters = Object.entries(sent).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
    return this.send(parameters);
  }

  async send(parameters: { name: string; value: string }[], strict = false): Promise<auth.AuthorizeResponse["outcome"]> {
    const request = { tenant: this.#tenant.name, parameters, session: this.session, strict };
    return (await this.running.auth.authorize(request)).outcome;
  }

  async signIn(
    interaction: Interaction,
    credentials: { username?: string; password?: string } = {},
  ): Promise<auth.SubmitSignInResponse["outcome"]> {
    const { outcome, session } = await this.running.auth.submitSignIn({
      ...this.#named(interaction),
      session: this.session,
      username: credentials.username ?? "ann",
      password: credentials.password ?? password,
    });
    if (session !== undefined) this.session = session.value;
    return outcome;
  }

  async selectAccount(interaction: Interaction, choice: auth.AccountChoice): Promise<auth.SelectAccountResponse["outcome"]> {
    const request = { ...this.#named(interaction), session: this.session, choice };
    return (await this.running.auth.selectAccount(request)).outcome;
  }

  async consent(interaction: Interaction, allowed = true): Promise<Answer> {
    const { redirect } = await this.running.auth.submitConsent({ ...this.#named(interaction), session: this.session, allowed });
    return answer(redirect && { $case: "redirect", value: redirect });
  }

  page(interaction: Interaction): Promise<auth.GetInteractionResponse> {
    return this.running.auth.getInteraction({ ...this.#named(interaction), session: this.session });
  }

  /** Signs in, agrees to what is asked for, and comes back with the answer. */
  async complete(client: Client, changes: Readonly<Record<string, string | undefined>> = {}): Promise<Answer> {
    const outcome = await this.authorize(client, changes);
    if (outcome?.$case === "redirect") return answer(outcome);
    const interaction = started(outcome);
    const next = interaction.step === auth.Step.SIGN_IN ? await this.signIn(interaction) : undefined;
    return next?.$case === "redirect" ? answer(next) : this.consent(interaction);
  }

  #named({ id, secret }: Interaction) {
    return { tenant: this.#tenant.name, id, secret };
  }
}

/** The interaction that an authorization request began. */
export function started(outcome: auth.AuthorizeResponse["outcome"]): auth.StartedInteraction {
  if (outcome?.$case !== "interaction") throw new Error(`no interaction was begun: ${JSON.stringify(outcome)}`);
  return outcome.value;
}

type Outcome = auth.AuthorizeResponse["outcome"] | auth.SelectAccountResponse["outcome"] | auth.SubmitSignInResponse["outcome"];

/** The answer to the application that a call came to. */
export function answer(outcome: Outcome): Answer {
  if (outcome?.$case !== "redirect") throw new Error(`there is no answer: ${JSON.stringify(outcome)}`);
  const { redirectUri, responseMode, parameters } = outcome.value;
  return { ...Object.fromEntries(parameters.map(({ name, value }) => [name, value])), redirectUri, responseMode };
}
