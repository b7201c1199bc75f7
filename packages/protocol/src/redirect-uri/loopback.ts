const loopbackHosts: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether `hostname`, as URL parsers give it, is this machine (RFC 8252 section 7.3). A name that only begins so is not. */
export function isLoopbackHost(hostname: string): boolean {
  return loopbackHosts.has(hostname);
}
