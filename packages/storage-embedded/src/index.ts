export { type EmbeddedStores, type EmbeddedStoresOptions, openEmbeddedStores } from "./embedded-stores.ts";
export { FolderInUseError, NewerSchemaError } from "./errors.ts";
export type { Swept } from "./sweep.ts";
