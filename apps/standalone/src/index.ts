export { type Composition, type CompositionOptions, compose } from "./compose.ts";
