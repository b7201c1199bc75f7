import type { WorkName } from "../options.ts";
import { clientCredentials } from "./client-credentials.ts";
import { codeFlow } from "./code-flow.ts";
import { refresh } from "./refresh.ts";
import type { Work } from "./work.ts";

export const works: Readonly<Record<WorkName, Work>> = {
  "code-flow": codeFlow,
  "client-credentials": clientCredentials,
  refresh,
};
