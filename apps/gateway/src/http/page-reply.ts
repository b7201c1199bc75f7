import type { Page } from "../pages/page.ts";
import type { Reply } from "./reply.ts";

/** A page as it is sent, under its own content security policy. */
export function pageReply(page: Page, cookies: readonly string[] = []): Reply {
  return {
    status: page.status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": page.contentSecurityPolicy,
      // For browsers that know no frame-ancestors (RFC 9700 section 4.16).
      "X-Frame-Options": "DENY",
    },
    cookies,
    body: page.html,
  };
}
