import type { AdministrationStore } from "@signet/storage";
import type { Database } from "./database.ts";
import { text } from "./row.ts";

export function embeddedAdministrationStore(database: Database): AdministrationStore {
  const establish = database.prepare("insert into administration (id, token_hash) values (1, ?) on conflict do nothing");
  const replace = database.prepare(
    "insert into administration (id, token_hash) values (1, ?) on conflict do update set token_hash = excluded.token_hash",
  );
  const find = database.prepare("select token_hash from administration where id = 1");
  return {
    async establishTokenHash(hash) {
      return establish.run(hash) === 1 ? "established" : "exists";
    },
    async replaceTokenHash(hash) {
      replace.run(hash);
    },
    async findTokenHash() {
      const row = find.get();
      return row && text(row, "token_hash");
    },
  };
}
