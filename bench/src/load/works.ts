import type { WorkName } from "../options.ts";
import { clientCredentials } from "./client-credentials.ts";
import { codeFlow, codeFlowRs256 } from "./code-flow.ts";
import { discovery } from "./discovery.ts";
import { introspection, introspectionOpaque } from "./introspection.ts";
import { jwks } from "./jwks.ts";
import { refresh } from "./refresh.ts";
import { userinfo, userinfoOpaque } from "./userinfo.ts";
import type { Work } from "./work.ts";

export const works: Readonly<Record<WorkName, Work>> = {
  "code-flow": codeFlow,
  "code-flow-rs256": codeFlowRs256,
  "client-credentials": clientCredentials,
  refresh,
  introspection,
  "introspection-opaque": introspectionOpaque,
  userinfo,
  "userinfo-opaque": userinfoOpaque,
  jwks,
  discovery,
};
