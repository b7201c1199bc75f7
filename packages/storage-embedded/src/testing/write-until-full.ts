/** Saves codes in the stores of a folder until the disk is full, to the last page; then tries to consume the first one, and to read. Says what came of each. */
import { writeSync } from "node:fs";
import { ResourceError } from "@signet/protocol";
import { openEmbeddedStores } from "../index.ts";
import { rowsOf, writtenAt } from "./rows.ts";

const [folder = ""] = process.argv.slice(2);
const stores = openEmbeddedStores({ folder });
const { code: first, session, interaction } = rowsOf(0, 0);
await stores.sessions.start(session);
await stores.interactions.save(interaction);

async function resultOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    if (!(error instanceof ResourceError)) throw error;
    return error.kind;
  }
}

let saved = 0;
while ((await resultOf(stores.codes.save(rowsOf(0, saved).code))) === "done") saved += 1;
writeSync(1, `saved ${saved}\n`);
// The rest of the room, a page at a time: what is left then is too little for any step.
let pages = 0;
const writePage = ({ hash }: typeof first) => stores.interactions.signedIn(interaction.tenantId, interaction.id, hash, writtenAt);
while ((await resultOf(writePage(rowsOf(0, pages).code))) === "done") pages += 1;
writeSync(1, `save ${await resultOf(stores.codes.save(rowsOf(0, saved).code))}\n`);
// A change of one row is the least that can be written: while there is room for it, there may be for a consumption.
let noted = 0;
const note = () => stores.interactions.signedIn(interaction.tenantId, interaction.id, rowsOf(1, noted).session.hash, writtenAt);
while ((await resultOf(note())) === "done") noted += 1;
writeSync(1, `consume ${await resultOf(stores.codes.consume(first.tenantId, first.hash, writtenAt))}\n`);
writeSync(1, `find ${await resultOf(stores.sessions.find(session.tenantId, session.hash, writtenAt))}\n`);
