export { checkMac } from "./algorithms.ts";
export { type ClientKeys, createClientKeys } from "./client-keys.ts";
