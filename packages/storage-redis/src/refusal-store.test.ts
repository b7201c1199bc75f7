import { testStores } from "@signet/storage/contract";
import { withRedis } from "@signet/test-servers/vitest";
import { temporaryStores } from "./testing/temporary-stores.ts";

withRedis((redis) => testStores(["refusals"], async () => temporaryStores(redis)));
