const attempts = 5;

/**
 * What `send` comes to, in less than `limitMilliseconds` at one of a few attempts. A parser that is slow for a text is slow for it every time;
 * a machine that is busy with something else is not. `what` names the request in the error.
 * @throws Error where all attempts took longer
 */
export async function promptly<Reply>(limitMilliseconds: number, send: () => Promise<Reply>, what = "a request"): Promise<Reply> {
  const taken: number[] = [];
  for (let count = 0; count < attempts; count++) {
    const start = performance.now();
    const reply = await send();
    taken.push(performance.now() - start);
    if ((taken.at(-1) ?? 0) < limitMilliseconds) return reply;
  }
  throw new Error(`${what} was not answered in ${limitMilliseconds} ms, but in ${taken.map(Math.round).join(", ")} ms`);
}
