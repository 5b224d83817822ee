import { setTimeout as sleep } from "node:timers/promises";

/** Waits until the application's health is 200. Returns what is wrong after the time-out, undefined when it is ready. */
export async function untilHealthy(
  address: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = Date.now() + timeoutMs;
  let problem = "it does not answer";
  while (Date.now() < deadline && !signal.aborted) {
    try {
      const answer = await fetch(`${address}/api/health`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
      });
      if (answer.ok) return undefined;
      problem = `its health is ${answer.status}: ${(await answer.text()).slice(0, 300)}`;
    } catch (error) {
      // Not listening yet; what counts is the state when the time is over.
      problem = `it does not answer (${error instanceof Error ? error.message : error})`;
    }
    await sleep(200, undefined, { signal }).catch(() => undefined);
  }
  return problem;
}
