const patienceMilliseconds = 30_000;

/**
 * Resolves once Signet answers at `url` and says that it is ready. Connections that this process kept alive from before have ended with the
 * server: it learns so by using them.
 */
export async function reach(url: string): Promise<void> {
  const end = performance.now() + patienceMilliseconds;
  let said = "nothing";
  while (performance.now() < end) {
    const reply = await fetch(`${url}/readyz`).catch(() => undefined);
    if (reply !== undefined) said = `${reply.status} ${await reply.text()}`;
    if (reply?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Signet at ${url} is not ready after ${patienceMilliseconds} ms: it says ${said}`);
}
