/** How early a tick may be: clocks of two machines that are kept right differ by less. */
const EARLIEST_MILLISECONDS = 5_000;

/**
 * Waits for a minute that is about to begin. Intervals fall due on whole minutes, and ticks come on whole minutes too, but by the
 * clock of Inngest's machine: one that is a moment early by ours would find nothing due, and the interval would wait for the
 * next one.
 */
export async function untilTheMinute(now: () => Date): Promise<void> {
  // A timer may fire a millisecond before its time.
  for (let left = leftOfMinute(now()); left <= EARLIEST_MILLISECONDS; left = leftOfMinute(now())) {
    await new Promise((resolve) => setTimeout(resolve, left));
  }
}

function leftOfMinute(at: Date): number {
  return 60_000 - (at.getTime() % 60_000);
}
