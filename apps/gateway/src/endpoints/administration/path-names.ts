import { parseTenantName, parseUserId, ResourceError, type TenantName, type UserId } from "@signet/protocol";
import type { HostRequest } from "../../http/request.ts";

/**
 * The workplace that the path names. What cannot be a name is not there, like any other that is not there.
 * @throws ResourceError not_found
 */
export function workplaceIn({ pathParameters }: HostRequest): TenantName {
  const name = parseTenantName(pathParameters.workplace ?? "");
  if (name === undefined) throw new ResourceError("not_found", "there is no workplace of that name");
  return name;
}

/** @throws ResourceError not_found */
export function userIn({ pathParameters }: HostRequest): UserId {
  const id = parseUserId(pathParameters.user ?? "");
  if (id === undefined) throw new ResourceError("not_found", "there is no user of that id");
  return id;
}
