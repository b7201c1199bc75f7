import type { auth } from "@signet/contracts";
import { csrfTokenOf } from "../cookies/interaction-cookie.ts";
import { clearSession } from "../cookies/session-cookie.ts";
import type { Services } from "../endpoint.ts";
import { applicationOf, brandingOf } from "../endpoints/page-views.ts";
import { applicationSources, signedOutPage, signOutPage } from "../pages/index.ts";
import { pageReply } from "./page-reply.ts";
import { type Reply, redirect } from "./reply.ts";
import type { IssuerRequest } from "./request.ts";

/** What a browser gets for its sign-out: the question, the page of frames, the way back to the application, or the page that says it is done. */
export function signOutReply(
  request: IssuerRequest,
  session: string,
  { outcome }: auth.SignOutResponse,
  { cookies }: Services,
): Reply {
  if (outcome === undefined) throw new Error("SignOut came to no outcome");
  if (outcome.$case === "question") return questionReply(request, session, outcome.value);
  // Where the browser sent no session's cookie it may have kept it back (SameSite): then it must not be cleared.
  return signedOutReply(request, outcome.value, session === "" ? [] : [clearSession(cookies, request.tenant)]);
}

function questionReply({ tenant, issuerPath }: IssuerRequest, session: string, question: auth.SignOutQuestion): Reply {
  const { user, application, parameters, redirectTarget } = question;
  if (user === undefined) throw new Error("SignOut asks nobody");
  return pageReply(
    signOutPage({
      branding: brandingOf(tenant.branding),
      ...(application === undefined ? {} : { client: applicationOf(application) }),
      user,
      action: `${issuerPath}/sign-out`,
      csrfToken: csrfTokenOf(session),
      parameters,
      stayUri: `${issuerPath}/signed-in`,
      formTargets: redirectTarget === "" ? [] : applicationSources(redirectTarget),
    }),
  );
}

function signedOutReply(
  { tenant, issuerPath }: IssuerRequest,
  { frameUris, return: back }: auth.SignedOut,
  cookies: readonly string[],
): Reply {
  if (frameUris.length === 0 && back === undefined) return redirect(303, `${issuerPath}/signed-out`, cookies);
  if (frameUris.length === 0 && back?.automatic) return redirect(303, back.uri, cookies);
  return pageReply(
    signedOutPage({
      branding: brandingOf(tenant.branding),
      signInUri: `${issuerPath}/`,
      frames: frameUris,
      ...(back?.application === undefined
        ? {}
        : { back: { client: applicationOf(back.application), uri: back.uri, automatic: back.automatic } }),
    }),
    cookies,
  );
}
