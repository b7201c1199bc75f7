import type { ServedMethods } from "../server/dispatcher.ts";

/** What is served in this process by name, as ports are by number: there is one such space of names in a process. */
const names = new Map<string, ServedMethods>();

/** What is served under a name at the moment. */
export function servedInProcess(name: string): ServedMethods | undefined {
  return names.get(name);
}

/**
 * @param onClose is called when nothing is served there any more
 * @throws Error where the name is in use
 */
export function listenInProcess(
  name: string,
  methods: ServedMethods,
  onClose: () => void,
): { url: string; close(): Promise<void> } {
  if (names.has(name)) throw new Error(`inproc:${name} is in use`);
  names.set(name, methods);
  return {
    url: `inproc:${name}`,
    async close() {
      if (names.get(name) === methods) names.delete(name);
      onClose();
    },
  };
}
