/** How much there is in a data folder beside what a first start makes. */
export interface Population {
  readonly name: string;
  /** Each with an ES256 key and a client of its own. */
  readonly tenants: number;
  /** Of the tenant `default`, as all that follows. */
  readonly clients: number;
  readonly users: number;
  /** Live refresh families, each of another user. */
  readonly families: number;
}

/** One in so many users has a session, and has agreed to a client. */
const usersPerSession = 10;
/** So many clients send requests in the same minutes, whatever the number of all. */
const busyClients = 5000;

export const sessionsOf = ({ users }: Population): number => Math.ceil(users / usersPerSession);
export const busyClientsOf = ({ clients }: Population): number => Math.min(clients, busyClients);

/** The smallest, the one between, and the largest that is promised; `scale` makes the latter two smaller. */
export function populations(scale: number): {
  readonly small: Population;
  readonly middle: Population;
  readonly large: Population;
} {
  const million = Math.max(1000, Math.round(1_000_000 * scale));
  const tenants = (most: number) => Math.max(1, Math.round(most * scale));
  const least = { clients: 1000, users: 1000, families: 1000 };
  return {
    small: { name: "small", tenants: 1, ...least },
    middle: { name: "middle", tenants: tenants(1000), ...least },
    large: { name: "large", tenants: tenants(10_000), clients: million, users: million, families: million },
  };
}
