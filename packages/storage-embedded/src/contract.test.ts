import { ports, testStores } from "@signet/storage/contract";
import { temporaryStores } from "./testing/temporary-folder.ts";

testStores(ports, async () => temporaryStores());
