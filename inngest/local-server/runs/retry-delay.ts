const defaultSeconds = [10, 30, 60, 120, 300, 600, 1_200, 2_400, 3_600, 7_200];
const maxJitterSeconds = 10;

/**
 * The wait before the n-th retry (n from 1). By default the growing table of Inngest with some jitter, so that what
 * failed together does not come back together.
 */
export function retryDelayMs(configured: number[] | null, retry: number): number {
  if (configured) return configured[Math.min(retry, configured.length) - 1] ?? 0;
  const seconds = defaultSeconds[Math.min(retry, defaultSeconds.length) - 1] ?? 0;
  return (seconds + Math.random() * maxJitterSeconds) * 1_000;
}
