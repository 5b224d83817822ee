import { setTimeout as sleep } from "node:timers/promises";
import { addMeters, type Installation, startInstallation, untilWorkedOff } from "./installation";
import type { Result } from "./results";

const METERS = 200;
const INTERVAL_MS = 300_000;
/** Due moments that are watched, five minutes apart. */
const MARKS = 2;
const POLL_EVERY_MS = 250;
/** Watched at most this long; what is not visible then counts as so late. */
const LONGEST_WAIT_MS = 120_000;
/** Long enough to add the fleet before its first due moment. */
const LEAD_MS = 60_000;
/** The simulated devices send up to 80 seconds after an interval's end. */
const SHORTEST_DELAY_MINUTES = 5;

/**
 * Seconds from due (an interval's end plus its job's delay) until the reading is in the answer of the HTTP API, for a live fleet of 200
 * five-minute jobs that are all due at the same moment, through the real processes.
 */
export async function dueToVisible(): Promise<Record<string, Result>> {
  const installation = await startInstallation(METERS);
  try {
    await untilWorkedOff(installation, 900_000);
    const firstDue = Math.ceil((Date.now() + LEAD_MS) / 60_000) * 60_000;
    // The delay is chosen so that an interval is due at that minute; jobs wait five to nine minutes.
    const delayMinutes = SHORTEST_DELAY_MINUTES + ((firstDue / 60_000) % 5);
    const firstStart = firstDue - delayMinutes * 60_000 - INTERVAL_MS;
    const job = { interval: "PT5M", delay: `PT${delayMinutes}M`, startAt: new Date(firstStart) };
    const meters = await addMeters(installation, installation.devices, job);
    const seconds: number[] = [];
    for (let mark = 0; mark < MARKS; mark += 1) {
      const shift = mark * INTERVAL_MS;
      seconds.push(...(await watch(installation, meters, firstStart + shift, firstDue + shift)));
    }
    seconds.sort((a, b) => a - b);
    const at = (share: number) => seconds[Math.ceil(seconds.length * share) - 1] ?? Number.NaN;
    const spread = `half ${at(0.5).toFixed(1)}, last ${at(1).toFixed(1)}`;
    return {
      "due-to-visible-p95": {
        value: at(0.95),
        unit: "s",
        goal: "at most 10",
        note: `${meters.length} jobs due at once, ${MARKS} times, read every ${POLL_EVERY_MS} ms; seconds: ${spread}`,
      },
    };
  } finally {
    await installation.stop();
  }
}

/** Seconds after `due` at which each meter's reading of the interval that begins at `start` is first seen. */
async function watch({ call }: Installation, meters: string[], start: number, due: number): Promise<number[]> {
  if (Date.now() > due) throw new Error("The fleet was not ready before its first due moment.");
  await sleep(due - Date.now());
  const seen: number[] = [];
  const missing = new Set(meters);
  const range = `from=${new Date(start).toISOString()}&to=${new Date(start + INTERVAL_MS).toISOString()}`;
  while (missing.size > 0 && Date.now() < due + LONGEST_WAIT_MS) {
    const ids = [...missing].map((id) => `meterId=${id}`).join("&");
    const answer = await call(`/meter-data?metrics=eRealKwh&format=ndjson&${range}&${ids}`);
    const rows = (await answer.text()).split("\n").filter((line) => line !== "");
    const seconds = (Date.now() - due) / 1000;
    for (const row of rows) {
      const { meterId } = JSON.parse(row) as { meterId: string };
      if (missing.delete(meterId)) seen.push(seconds);
    }
    await sleep(POLL_EVERY_MS);
  }
  return [...seen, ...[...missing].map(() => LONGEST_WAIT_MS / 1000)];
}
