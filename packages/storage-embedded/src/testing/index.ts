export { type FillableStores, openFillableStores } from "./fillable-stores.ts";
