import { parseForm, type SentParameter } from "@signet/protocol";
import type { Step } from "../endpoint.ts";
import { readForm } from "../http/form-body.ts";
import type { HostRequest } from "../http/request.ts";

/** The parameters of a form body. */
export const form: Step<HostRequest, { readonly form: readonly SentParameter[] }> = {
  run: async (request) => ({ form: await readForm(request) }),
};

/** The parameters of the query string and, for a POST, of the form body, so that one sent in both is sent twice. */
export const queryAndForm: Step<HostRequest, { readonly parameters: readonly SentParameter[] }> = {
  run: async (request) => {
    const query = parseForm(request.queryString);
    if (request.method !== "POST") return { parameters: query };
    return { parameters: [...query, ...(await readForm(request))] };
  },
};
