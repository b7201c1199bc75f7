import { auth } from "@signet/contracts";
import { setInteraction } from "../cookies/interaction-cookie.ts";
import type { Services } from "../endpoint.ts";
import { type Reply, redirect } from "./reply.ts";
import type { IssuerRequest } from "./request.ts";

/** The page where an interaction is at a step. */
export function pathOfStep({ issuerPath }: IssuerRequest, id: string, step: auth.Step): string {
  if (step === auth.Step.CONSENT) return `${issuerPath}/consent/${id}`;
  if (step === auth.Step.SELECT_ACCOUNT) return `${issuerPath}/select-account/${id}`;
  if (step === auth.Step.SIGNED_IN) return `${issuerPath}/signed-in`;
  return `${issuerPath}/sign-in/${id}`;
}

/** Sends the browser to the page of an interaction that has just begun, which is this browser's from now on. */
export function interactionReply(request: IssuerRequest, interaction: auth.StartedInteraction, { cookies }: Services): Reply {
  return redirect(303, pathOfStep(request, interaction.id, interaction.step), setInteraction(cookies, request, interaction));
}
