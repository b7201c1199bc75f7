export { type EmbeddedStores, type EmbeddedStoresOptions, openEmbeddedStores } from "./embedded-stores.ts";
export { FolderInUseError, NewerSchemaError, UnusableDatabaseError } from "./errors.ts";
export type { Swept } from "./sweep.ts";
