import { OAuthError } from "../errors.ts";
import type { Subject } from "../subject/pairwise-subject.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";
import type { ClaimsRequest } from "./claims-request.ts";

/**
 * Whom the request may be answered for, by its id_token_hint and by the claim `sub` with a value (OpenID Connect Core sections 3.1.2.2 and 5.5.1);
 * undefined: anybody.
 * @throws OAuthError invalid_request where it names different ones
 */
export function parseExpectedSubjects(hinted: string | undefined, claims: ClaimsRequest): readonly string[] | undefined {
  const named = [
    hinted === undefined ? undefined : [hinted],
    claims.idToken.get("sub")?.values,
    claims.userinfo.get("sub")?.values,
  ];
  let expected: readonly string[] | undefined;
  for (const values of named) {
    if (values === undefined) continue;
    const subjects = values.filter((value) => typeof value === "string");
    expected = expected?.filter((subject) => subjects.includes(subject)) ?? subjects;
  }
  if (expected?.length === 0) {
    throw new OAuthError("invalid_request", "id_token_hint and the claim sub name no user, or different ones");
  }
  return expected;
}

/**
 * Whether the request may be answered with a code for the user whom its client knows by this subject: never for another than whom it names (OpenID Connect Core section
 * 3.1.2.2).
 */
export function mayBeAnsweredFor(
  { expectedSubjects }: Pick<AuthorizationRequest, "expectedSubjects">,
  subject: Subject,
): boolean {
  return expectedSubjects === undefined || expectedSubjects.includes(subject);
}
