/** What both ID tokens and JWT access tokens are signed with. */
export type TokenAlgorithm = "ES256" | "RS256";

/** A client that the load acts as, the same at every contender: confidential, with all three grant types. */
export interface RegisteredClient {
  readonly id: string;
  readonly secret: string;
  readonly algorithm: TokenAlgorithm;
}

/** Nothing listens there: the load reads the code from the redirect and does not follow it. */
export const redirectUri = "https://app.example.test/callback";

/** Where a server has its endpoints. */
export interface EndpointPaths {
  readonly authorizationPath: string;
  readonly tokenPath: string;
  readonly userInfoPath: string;
  readonly introspectionPath: string;
  readonly keysPath: string;
}

/** One half of a comparison: a server that runs, is ready and knows the clients. */
export interface Contender extends EndpointPaths {
  readonly name: "signet" | "services" | "peer" | "floor";
  readonly issuer: string;
  readonly port: number;
  /** Of all that it consists of, but for databases. */
  readonly processIds: readonly number[];
  /** Whom the load acts as. */
  readonly client: RegisteredClient;
  /** The one to act as where tokens are to be signed with RS256. */
  readonly rs256Client: RegisteredClient;
  /** The one to act as where userinfo and introspection are asked: its access tokens are JWTs where those endpoints take JWTs. */
  readonly askingClient: RegisteredClient;
  /** The same with access tokens that are opaque everywhere. */
  readonly opaqueClient: RegisteredClient;
  /** What a person types or presses, by the name of the form's field or button. */
  readonly answers: Readonly<Record<string, string>>;
}
