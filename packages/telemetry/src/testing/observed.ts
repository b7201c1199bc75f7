/** A request as the gateway tells of it. */
export const request = { id: "r1", method: "POST", endpoint: "/oauth2/v1/token", traceparent: undefined };

/** The call between services that it makes. */
export const call = {
  service: "signet.token.v1.TokenService",
  method: "Exchange",
  requestId: "r1",
  caller: "gateway",
  isFromOwnService: true,
  traceparent: undefined,
};
