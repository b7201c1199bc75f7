import { ports, testStores } from "@signet/storage/contract";
import { temporaryStores } from "./test-support/temporary-folder.ts";

testStores(ports, async () => temporaryStores());
