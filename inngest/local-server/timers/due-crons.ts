import type { Engine } from "../engine";
import { storeInternalEvent } from "../events/route-event";
import { createRun } from "../runs/create-run";
import { latestTick, nextTick } from "./cron-schedule";

/** A tick that was missed longer ago than this is not made up for. */
const maxLatenessMs = 7 * 86_400_000;

/**
 * Starts the functions whose schedule is due. The tick and the date of the next one change in one transaction, so a
 * tick is neither doubled nor lost, whatever stops when. Of several ticks that were missed while the server was down
 * only the newest is made up for: a function that asks what is due needs one call, not hundreds.
 */
export async function startDueCrons(engine: Engine): Promise<number> {
  const started = await engine.transactions.run(async (tx) => {
    const [due] = await tx<{ function_id: string; expression: string; next_at: Date }[]>`
      select function_id, expression, next_at from cron where next_at <= now()
      order by next_at limit 1 for update skip locked`;
    if (!due) return 0;
    const now = new Date(Math.max(Date.now(), due.next_at.getTime()));
    const latest = latestTick(due.expression, now);
    // The stored tick is due even if the parser, of another version, no longer sees it.
    const tick = latest && latest > due.next_at ? latest : due.next_at;
    await tx`
      update cron set next_at = ${nextTick(due.expression, now)}
      where function_id = ${due.function_id} and expression = ${due.expression}`;
    const fn = engine.functions.get(due.function_id);
    if (fn && now.getTime() - tick.getTime() <= maxLatenessMs) {
      const data = { cron: due.expression };
      await createRun(
        engine,
        tx,
        fn,
        await storeInternalEvent(tx, "inngest/scheduled.timer", data, { ts: tick.getTime() }),
      );
    }
    return 1;
  });
  if (started > 0) engine.jobsChanged();
  return started;
}
