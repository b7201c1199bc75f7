import { z } from "zod";
import { rateLimitIn } from "./rate-limit.ts";

const rateLimit = z.string().refine((value) => rateLimitIn(value) !== false, "must be count/seconds, such as 10/900, or off");

/** How often somebody may fail, and how much a client may ask for. */
export const rateLimitSettings = {
  SIGNET_SIGN_INS_PER_ACCOUNT: rateLimit
    .default("10/900")
    .describe(
      "How many wrong passwords an account takes, also one that does not exist: so many at once, and as many again in so many seconds, one after the other. One more is refused with 429, the right one too. `off`: any number.",
    ),
  SIGNET_SIGN_INS_PER_ADDRESS: rateLimit
    .default("100/900")
    .describe("The same for all accounts together from one address. An IPv6 network of 64 bits is one."),
  SIGNET_CLIENT_FAILURES: rateLimit
    .default("300/60")
    .describe(
      "How often a client may fail to authenticate from one address: so many at once, and as many again in so many seconds, one after the other. One more is refused with 429, the right credentials too, from that address alone. `off`: any number.",
    ),
  SIGNET_CLIENT_FAILURES_PER_ADDRESS: rateLimit
    .default("3000/60")
    .describe("The same for all clients together from one address. An IPv6 network of 64 bits is one."),
  SIGNET_REQUESTS_PER_CLIENT: rateLimit
    .default("off")
    .describe(
      "How many requests a client may send to the token, introspection and revocation endpoints, all processes together, in the same form. Whoever knows a public client's id can use up what that one may.",
    ),
  SIGNET_TOKEN_FAILURES_PER_ADDRESS: rateLimit
    .default("300/60")
    .describe(
      "How many tokens that open nothing one address may show, at all tenants together: of the administration and the registration API, initial access tokens and registration access tokens. One more is answered with 429; a right token is never refused for it. An IPv6 network of 64 bits is one address. `off`: any number.",
    ),
  SIGNET_OPEN_REGISTRATIONS_PER_ADDRESS: rateLimit
    .default("300/3600")
    .describe(
      "How many clients may register themselves without a token from one address, at all tenants that are open together, attempts that are refused for what they say included, in the same form. One more is refused with 429.",
    ),
} as const;

export const signInLimits = ["SIGNET_SIGN_INS_PER_ACCOUNT", "SIGNET_SIGN_INS_PER_ADDRESS"] as const;
export const clientLimits = [
  "SIGNET_CLIENT_FAILURES",
  "SIGNET_CLIENT_FAILURES_PER_ADDRESS",
  "SIGNET_REQUESTS_PER_CLIENT",
] as const;
export const addressLimits = ["SIGNET_TOKEN_FAILURES_PER_ADDRESS", "SIGNET_OPEN_REGISTRATIONS_PER_ADDRESS"] as const;
