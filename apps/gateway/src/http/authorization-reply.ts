import type { auth } from "@signet/contracts";
import { formatForm } from "@signet/protocol";
import { formPostPage } from "../pages/index.ts";
import type { Refused } from "../refusals/refused.ts";
import { pageReply } from "./page-reply.ts";
import { type Reply, redirect } from "./reply.ts";

/**
 * The answer to the application: by redirect (RFC 6749 section 4.1.2), or by a form that the browser posts (OAuth 2.0 Form Post Response Mode).
 * A POST is left by 303, so that no browser posts a password on (RFC 9700 section 4.12).
 */
export function authorizationReply(method: string, answer: auth.Redirect, cookies: readonly string[] = []): Reply {
  const refused = refusedIn(answer);
  const reply = replyWith(method, answer, cookies);
  return refused === undefined ? reply : { ...reply, refused };
}

function replyWith(method: string, { redirectUri, responseMode, parameters }: auth.Redirect, cookies: readonly string[]): Reply {
  if (responseMode === "form_post") return pageReply(formPostPage({ redirectUri, parameters }), cookies);
  const separator = redirectUri.includes("?") ? "&" : "?";
  return redirect(method === "POST" ? 303 : 302, `${redirectUri}${separator}${formatForm(parameters)}`, cookies);
}

function refusedIn({ parameters, explanation }: auth.Redirect): Refused | undefined {
  const told = (wanted: string) => parameters.find(({ name }) => name === wanted)?.value;
  const error = told("error");
  return error === undefined ? undefined : { error, description: told("error_description") ?? "", explanation };
}
