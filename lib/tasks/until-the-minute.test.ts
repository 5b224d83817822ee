import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { untilTheMinute } from "./until-the-minute";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The time at which a tick that comes at `arrival` looks for what is due. */
async function looksAt(arrival: string): Promise<string> {
  vi.setSystemTime(new Date(arrival));
  const waiting = untilTheMinute(() => new Date());
  await vi.runAllTimersAsync();
  await waiting;
  return new Date().toISOString();
}

it.each([
  ["a moment early", "2026-03-01T00:06:59.990Z", "2026-03-01T00:07:00.000Z"],
  ["as early as clocks may differ", "2026-03-01T00:06:55.000Z", "2026-03-01T00:07:00.000Z"],
  ["in time", "2026-03-01T00:07:00.000Z", "2026-03-01T00:07:00.000Z"],
  ["late", "2026-03-01T00:07:31.500Z", "2026-03-01T00:07:31.500Z"],
  ["very late", "2026-03-01T00:07:54.999Z", "2026-03-01T00:07:54.999Z"],
])("a tick that comes %s looks when its minute has begun", async (_when, arrival, looked) => {
  expect(await looksAt(arrival)).toBe(looked);
});
