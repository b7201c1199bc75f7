import type { common, registry } from "@signet/contracts";
import { issuerOf, parseTenantName } from "@signet/protocol";
import type { z } from "zod";
import { objectOf, parseBody, text } from "../../http/json-members.ts";
import { settingsFromJson, settingsJson } from "./workplace-oidc-json.ts";

const brandingJson = objectOf({
  name: text.exactOptional(),
  logo_uri: text.exactOptional(),
  accent_color: text.exactOptional(),
  welcome_text: text.exactOptional(),
});

const newWorkplaceJson = objectOf({
  name: text,
  settings: settingsJson.exactOptional(),
  branding: brandingJson.exactOptional(),
});

const workplacePatchJson = objectOf({ branding: brandingJson.exactOptional() });

/**
 * A workplace to be made.
 * @throws ResourceError invalid
 */
export function newWorkplaceFromJson(body: unknown): registry.CreateTenantRequest {
  const { name, settings = {}, branding } = parseBody(newWorkplaceJson, body);
  return { name, patch: { ...settingsFromJson(settings), branding: brandingFromJson(branding) } };
}

/**
 * What of a workplace is to change.
 * @throws ResourceError invalid
 */
export function workplacePatchFromJson(body: unknown): registry.TenantPatch {
  return {
    branding: brandingFromJson(parseBody(workplacePatchJson, body).branding),
    registration: undefined,
    registrationMembers: [],
  };
}

/** Of the name an empty text means that it was not sent; of the others, that there is to be none. */
function brandingFromJson(sent: z.output<typeof brandingJson> | undefined): common.Branding | undefined {
  if (sent === undefined) return undefined;
  return {
    name: sent.name ?? "",
    logoUri: sent.logo_uri,
    accentColor: sent.accent_color,
    welcomeText: sent.welcome_text,
  };
}

/** A workplace as replies show it; an empty text for what its branding has not. */
export function workplaceToJson(tenant: registry.Tenant | undefined, publicUrl: string): object {
  const name = parseTenantName(tenant?.name ?? "");
  if (tenant?.branding === undefined || name === undefined) throw new Error("the registry answered without the tenant");
  const { branding, createdAt } = tenant;
  return {
    name,
    issuer: issuerOf(publicUrl, name),
    branding: {
      name: branding.name,
      logo_uri: branding.logoUri ?? "",
      accent_color: branding.accentColor ?? "",
      welcome_text: branding.welcomeText ?? "",
    },
    created_at: createdAt,
  };
}
