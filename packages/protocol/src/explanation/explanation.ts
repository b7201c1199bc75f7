import { OAuthError, ResourceError } from "../errors.ts";
import { masked } from "./masked.ts";

/** What a rule wanted, and what it got. */
export interface ExplanationMembers {
  readonly rule: string;
  readonly expected?: string | undefined;
  readonly sent?: string | undefined;
}

/**
 * Why something was refused, for the administrator: the cause of an `OAuthError` or a `ResourceError`, which whoever is refused never gets to know. It is masked
 * from the beginning, so that no secret is in it wherever it goes.
 */
export class Explanation extends Error {
  override readonly name = "Explanation";
  readonly rule: string;
  /** Undefined where the rule says it. */
  readonly expected: string | undefined;
  /** Undefined where it may not be shown, or was nothing. */
  readonly sent: string | undefined;

  constructor({ rule, expected, sent }: ExplanationMembers, options?: ErrorOptions) {
    const shown = masked(rule);
    super(shown, options);
    this.rule = shown;
    this.expected = expected === undefined ? undefined : masked(expected);
    this.sent = sent === undefined ? undefined : masked(sent);
  }
}

const deepest = 8;

/** Why `error` refuses: the explanation among its causes or, without one, what its innermost cause says in words. Undefined for what is no refusal. */
export function explanationOf(error: unknown): Explanation | undefined {
  let found: Explanation | undefined;
  let current = error;
  for (let depth = 0; depth < deepest; depth++) {
    if (current instanceof Explanation) return current;
    if (typeof current === "string") return new Explanation({ rule: current });
    if (!(current instanceof OAuthError || current instanceof ResourceError)) return found;
    found = new Explanation({ rule: current.description });
    current = current.cause;
  }
  return found;
}
