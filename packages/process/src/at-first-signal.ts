/**
 * Calls `stop` at the first SIGTERM or SIGINT. Whoever repeats it, as a service manager may and somebody impatient does, breaks nothing off: `stop` has
 * to come to an end by itself.
 */
export function atFirstSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const begin = () => {
    if (!isStopping) void stop();
    isStopping = true;
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, begin);
}
