/** The client that the load acts as, the same at every contender: confidential, with all three grant types. */
export interface RegisteredClient {
  readonly id: string;
  readonly secret: string;
}

/** Nothing listens there: the load reads the code from the redirect and does not follow it. */
export const redirectUri = "https://app.example.test/callback";

/** One half of a comparison: a server that runs, is ready and knows the client. */
export interface Contender {
  readonly name: "signet" | "peer";
  readonly issuer: string;
  readonly port: number;
  /** Of all that it consists of, but for databases. */
  readonly processIds: readonly number[];
  readonly authorizationPath: string;
  readonly tokenPath: string;
  readonly keysPath: string;
  readonly client: RegisteredClient;
  /** What a person types or presses, by the name of the form's field or button. */
  readonly answers: Readonly<Record<string, string>>;
}
