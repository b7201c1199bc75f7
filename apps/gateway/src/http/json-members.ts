import { ResourceError } from "@signet/protocol";
import { z } from "zod";

const maximumTextLength = 4096;
const maximumListLength = 100;
const maximumWholeNumber = 2 ** 52;

/** The error of a member that must be sent, and of the type named. */
const mustBe = (what: string) => ({
  error: ({ input }: { readonly input?: unknown }) => (input === undefined ? "is missing" : `must be ${what}`),
});

/**
 * A text. An unpaired surrogate could not be sent on as UTF-8: another character would silently take its place.
 * What a text may say is a rule of the service that it goes to.
 */
export const text = z
  .string(mustBe("a text"))
  .max(maximumTextLength, { error: `must have at most ${maximumTextLength} characters` })
  .refine((value) => value.isWellFormed(), { error: "must be well-formed Unicode" });

export const flag = z.boolean(mustBe("true or false"));

export const wholeNumber = z
  .int(mustBe("a whole number"))
  .min(0, { error: "must not be negative" })
  .max(maximumWholeNumber, { error: "is too large" });

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.array(item, mustBe("a list")).max(maximumListLength, { error: `must have at most ${maximumListLength} entries` });

export const objectOf = <Members extends z.ZodRawShape>(members: Members) => z.object(members, mustBe("an object"));

/** An object whose members are the service's business. */
export const freeObject = z.record(z.string(), z.unknown(), mustBe("an object"));

export const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of: ${values.filter((value) => value !== "").join(", ")}` });

/**
 * What `schema` makes of a body; members that it does not name are left out.
 * @throws ResourceError invalid, with the name of the first member that is wrong
 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ResourceError("invalid", issue === undefined ? "the body is wrong" : `${pathOf(issue.path)} ${issue.message}`);
}

/** `scopes[0].name` */
function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((soFar, part) => {
    if (typeof part === "number") return `${soFar}[${part}]`;
    return soFar === "" ? String(part) : `${soFar}.${String(part)}`;
  }, "");
}
