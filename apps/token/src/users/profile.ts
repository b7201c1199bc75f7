import { z } from "zod";

/** Members of a user's profile, by name. */
export type Profile = Readonly<Record<string, unknown>>;

const profile = z.record(z.string(), z.unknown());

/** The members that the auth service answered with, as the JSON of an object. */
export function parseProfile(json: string): Profile {
  return profile.parse(JSON.parse(json));
}
