import type { Clockwork } from "./clockwork.ts";

/** A Signet that runs, whatever the topology. */
export interface Signet {
  readonly url: string;
  /** Where it listens; the same as `url`, unless a public URL was set. */
  readonly listenerUrl: string;
  readonly adminToken: string;
  /** Of the user `admin` of the tenant `default`. */
  readonly adminPassword: string;
  /** Of the tenant `default`. */
  readonly registrationToken: string;
  /** Stops it, and starts it again at the same address with the same data and the same clock. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface SignetOptions {
  /** Moves the server's time; without one it is the machine's. */
  readonly clockwork?: Clockwork;
  readonly environment?: Readonly<Record<string, string>>;
}

export const adminToken = "test-administration-token-0123456789";
export const adminPassword = "correct horse battery staple";
