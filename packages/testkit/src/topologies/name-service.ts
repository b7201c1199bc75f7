/**
 * Preloaded into a program: `--import …/name-service.ts?auth.test=127.0.0.1&auth.test=127.0.0.2` are names that it finds besides the system's own. A test
 * can give several addresses of this machine one name so, which its hosts file would not.
 */
import dns from "node:dns/promises";
import { syncBuiltinESMExports } from "node:module";

const names = new URL(import.meta.url).searchParams;
const systemLookup = dns.lookup;

function lookup(...asked: Parameters<typeof systemLookup>) {
  const addresses = names.getAll(asked[0]);
  if (addresses.length === 0) return systemLookup(...asked);
  return Promise.resolve(addresses.map((address) => ({ address, family: 4 })));
}

Object.defineProperty(dns, "lookup", { value: lookup });
syncBuiltinESMExports();
