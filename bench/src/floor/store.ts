import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from "node:sqlite";

export type Row = Readonly<Record<string, SQLOutputValue>>;

/** The statements of the floor's flows, each what Signet's embedded store needs for the same step. */
export interface FloorStore {
  findSession(hash: string): Row | undefined;
  findUser(id: string): Row | undefined;
  findConsents(user: string, client: string): readonly Row[];
  saveCode(values: readonly SQLInputValue[]): Promise<void>;
  /** The code, once. */
  consumeCode(hash: string, now: number): Promise<Row | undefined>;
  openGrant(values: readonly SQLInputValue[]): Promise<void>;
  findGrant(id: string): Row | undefined;
  /** Whether the presented token was the live one. */
  rotate(id: string, presented: string, next: string, successor: string, now: number): Promise<boolean>;
}

const schema = `
  pragma locking_mode = exclusive;
  pragma journal_mode = wal;
  pragma synchronous = normal;
  create table sessions (hash text not null primary key, user text not null, started integer not null) strict;
  create table users (id text not null primary key, name text not null, claims text not null, epoch integer not null) strict;
  create table consents (user text not null, client text not null, scope text not null, primary key (user, client, scope)) strict, without rowid;
  create table codes (hash text not null primary key, client text not null, user text not null, grant_id text not null, redirect_uri text not null,
    challenge text not null, scopes text not null, nonce text not null, expires integer not null, consumed integer) strict;
  create index codes_by_expiry on codes (expires);
  create table grants (id text not null primary key, client text not null, user text not null, scopes text not null, expires integer not null,
    current text, previous text, successor text, rotated integer) strict;
  create index grants_by_expiry on grants (expires);
`;

/** A new database in an empty folder, with one user who has signed in and agreed. */
export function openFloorStore(
  folder: string,
  person: { readonly session: string; readonly user: string; readonly client: string },
): FloorStore {
  const database = new DatabaseSync(join(folder, "floor.db"));
  database.exec(schema);
  database.prepare("insert into sessions values (?, ?, ?)").run(person.session, person.user, Date.now());
  database.prepare("insert into users values (?, 'Ada', '{}', 1)").run(person.user);
  for (const scope of ["openid", "offline_access"]) {
    database.prepare("insert into consents values (?, ?, ?)").run(person.user, person.client, scope);
  }
  const findSession = database.prepare("select * from sessions where hash = ?");
  const findUser = database.prepare("select * from users where id = ?");
  const findConsents = database.prepare("select scope from consents where user = ? and client = ?");
  const saveCode = database.prepare("insert into codes values (?, ?, ?, ?, ?, ?, ?, ?, ?, null)");
  const consumeCode = database.prepare(
    "update codes set consumed = ? where hash = ? and consumed is null and expires > ? returning *",
  );
  const openGrant = database.prepare("insert into grants values (?, ?, ?, ?, ?, ?, null, null, null)");
  const findGrant = database.prepare("select * from grants where id = ?");
  const rotate = database.prepare(
    "update grants set current = ?, previous = current, successor = ?, rotated = ? where id = ? and current = ?",
  );
  const write = sharedCommits(database);
  return {
    findSession: (hash) => findSession.get(hash),
    findUser: (id) => findUser.get(id),
    findConsents: (user, client) => findConsents.all(user, client),
    saveCode: async (values) => void (await write(() => saveCode.run(...values))),
    consumeCode: (hash, now) => write(() => consumeCode.get(now, hash, now)),
    openGrant: async (values) => void (await write(() => openGrant.run(...values))),
    findGrant: (id) => findGrant.get(id),
    rotate: (id, presented, next, successor, now) => write(() => rotate.run(next, successor, now, id, presented).changes === 1),
  };
}

/** What is written in one turn of the event loop is committed together, and told after that. */
function sharedCommits(database: DatabaseSync): <Result>(work: () => Result) => Promise<Result> {
  const [begin, commit] = [database.prepare("begin immediate"), database.prepare("commit")];
  let waiting: (() => () => void)[] = [];
  const writeAll = () => {
    const all = waiting;
    waiting = [];
    begin.run();
    const settlements = all.map((work) => work());
    commit.run();
    for (const settle of settlements) settle();
  };
  return (work) =>
    new Promise((resolve) => {
      waiting.push(() => {
        const result = work();
        return () => resolve(result);
      });
      if (waiting.length === 1) setImmediate(writeAll);
    });
}
