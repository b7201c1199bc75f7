import type { token } from "@signet/contracts";

/** A call of the size of a code exchange. */
export const request: token.ExchangeRequest = {
  tenant: "default",
  parameters: [
    { name: "grant_type", value: "authorization_code" },
    { name: "code", value: "c".repeat(43) },
    { name: "redirect_uri", value: "https://application.example/callback" },
    { name: "code_verifier", value: "v".repeat(43) },
  ],
  authentication: undefined,
  address: "",
};

/** About 700 bytes. */
export const reply: token.ExchangeResponse = {
  accessToken: "a".repeat(43),
  idToken: "i".repeat(600),
  refreshToken: undefined,
  tokenType: "Bearer",
  expiresIn: 3600,
  scope: "openid email",
};
