import type { ConfiguredCaller } from "@signet/config";
import type { ServiceDefinition } from "@signet/rpc";
import type { Caller } from "@signet/rpc/network";
import { StartError } from "./start-error.ts";

/** Who may call each method of a service: Signet's own services by name, others by the right that they were given. */
export type MethodCallers<Definition extends ServiceDefinition> = {
  readonly [Method in keyof Definition["methods"]]: readonly string[];
};

/**
 * The configured callers with the methods that each may call; the role of each is the right that it was given, or else its name.
 * @throws StartError for one who may call nothing: a misspelt name would shut somebody out without a word
 */
export function withMethods<Definition extends ServiceDefinition>(
  definition: Definition,
  methods: MethodCallers<Definition>,
  configured: readonly ConfiguredCaller[],
): readonly Caller[] {
  return configured.map(({ name, right, tokens, certificateName }) => {
    const role = right ?? name;
    const may = Object.entries(definition.methods).flatMap(([key, method]) =>
      methods[key as keyof Definition["methods"]].includes(role) ? [`/${definition.fullName}/${method.name}`] : [],
    );
    if (may.length === 0) {
      const roles = [...new Set(Object.values<readonly string[]>(methods).flat())].join(", ");
      throw new StartError(`SIGNET_CALLERS names ${name}, who may call nothing of this service; it knows ${roles}`);
    }
    return {
      name,
      role,
      isOwnService: right === undefined,
      tokens,
      may,
      ...(certificateName === undefined ? {} : { certificateName }),
    };
  });
}
