/**
 * Calls `stop` once when this process is asked to end: SIGINT, SIGTERM, SIGHUP, or npm, which started it, gone (killed hard
 * it cannot pass anything on). `stop` again, as `force`, when a person insists.
 */
export function onStopRequest(stop: (reason: string) => void, force: () => void): () => void {
  let askedAt: number | undefined;
  const ask = (reason: string) => {
    if (askedAt === undefined) {
      askedAt = Date.now();
      stop(reason);
      // Ctrl-C arrives twice under npm: from the terminal and passed on.
    } else if (Date.now() - askedAt > 2_000) {
      force();
    }
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, ask);
  const parent = process.ppid;
  const watch = process.env.npm_lifecycle_event
    ? setInterval(() => {
        if (process.ppid !== parent && askedAt === undefined) ask("npm is gone");
      }, 500)
    : undefined;
  watch?.unref();
  return () => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, ask);
  };
}
