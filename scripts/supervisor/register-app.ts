import { setTimeout as sleep } from "node:timers/promises";
import { say } from "./terminal";

/**
 * Tells an Inngest of your own which functions there are: asks the application to register itself, again until it worked.
 * The local server asks by itself.
 */
export async function registerApp(address: string, signal: AbortSignal): Promise<void> {
  for (let pauseMs = 2_000; !signal.aborted; pauseMs = Math.min(pauseMs * 2, 60_000)) {
    try {
      const answer = await fetch(`${address}/api/inngest`, {
        method: "PUT",
        signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
      });
      if (answer.ok) {
        say("inngest", "the functions are registered");
        return;
      }
      const text = (await answer.text()).slice(0, 200);
      say(
        "inngest",
        `the functions could not be registered (${answer.status}: ${text}); trying again in ${pauseMs / 1000} s`,
      );
    } catch (error) {
      if (signal.aborted) return;
      say(
        "inngest",
        `the functions could not be registered (${error instanceof Error ? error.message : error}); trying again`,
      );
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
