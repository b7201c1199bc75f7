import type { IncomingHttpHeaders } from "node:http";
import type { Tenant } from "@signet/protocol";
import type { CookieJar } from "./cookie.ts";

/** The tenant is in the cookie's name: `__Host-` forces Path=/, so all tenants' cookies reach every path. The server checks it again. */
const nameFor = (tenant: Tenant) => `signet_session_${tenant.id}`;

/** Empty where there is none. */
export function readSession(jar: CookieJar, headers: IncomingHttpHeaders, tenant: Tenant): string {
  return jar.read(headers, nameFor(tenant)) ?? "";
}

/** Ends with the browser, and on the server's side by the tenant's `session_timeout`. */
export function setSession(jar: CookieJar, tenant: Tenant, value: string): string {
  return jar.set(nameFor(tenant), value);
}

export function clearSession(jar: CookieJar, tenant: Tenant): string {
  return jar.clear(nameFor(tenant));
}
