import type { auth } from "@signet/contracts";
import type { RunningAuth } from "./running-auth.ts";

export async function create(
  { auth: service }: RunningAuth,
  user: Partial<auth.UserPatch>,
  tenant = "default",
): Promise<auth.User> {
  const reply = await service.createUser({ tenant, user });
  if (reply.user === undefined) throw new Error("a user was made");
  return reply.user;
}

export async function update({ auth: service }: RunningAuth, id: string, user: Partial<auth.UserPatch>): Promise<auth.User> {
  const reply = await service.updateUser({ tenant: "default", id, user });
  if (reply.user === undefined) throw new Error("the user was changed");
  return reply.user;
}

export async function claims({ auth: service }: RunningAuth, userId: string, names: string[] = []) {
  const reply = await service.getUserClaims({ tenant: "default", userId, claims: names });
  return { ...reply, claims: JSON.parse(reply.claims) };
}
