import { Cron } from "croner";

/** Why a cron expression is refused, or null. Only what Inngest accepts too: five fields or a name like `@daily`. */
export function cronProblem(expression: string, rules: { allowSecondsInCron: boolean }): string | null {
  const { pattern } = split(expression);
  const fields = pattern.trim().split(/\s+/).length;
  if (!pattern.startsWith("@") && fields !== 5 && !(fields === 6 && rules.allowSecondsInCron)) {
    return "it must have five fields";
  }
  // The parser knows more (L, W, #, +) than Inngest does; what Inngest would refuse must not work here.
  if (!pattern.startsWith("@") && !/^[\d*,/?\-\sA-Za-z]+$/.test(pattern)) return "it has a sign that is not supported";
  if (/(^|[\s,\d])[LW](?![A-Za-z])/i.test(pattern)) return "L and W are not supported";
  try {
    return schedule(expression).nextRun() ? null : "it never happens";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The first tick after an instant. */
export function nextTick(expression: string, after: Date): Date {
  const next = schedule(expression).nextRun(after);
  if (!next) throw new Error(`The cron expression ${expression} never happens again`);
  return next;
}

/** The newest tick at or before an instant, or null when there was none. */
export function latestTick(expression: string, at: Date): Date | null {
  // One second more, since the search is exclusive and a tick is due from its very second on.
  return schedule(expression).previousRuns(1, new Date(Math.floor(at.getTime() / 1_000) * 1_000 + 1_000))[0] ?? null;
}

const schedules = new Map<string, Cron>();

function schedule(expression: string): Cron {
  let cron = schedules.get(expression);
  if (!cron) {
    const { pattern, timezone } = split(expression);
    // Croner without a callback is only a calculator: it starts no timer.
    cron = new Cron(pattern, { timezone: timezone ?? "UTC" });
    schedules.set(expression, cron);
  }
  return cron;
}

function split(expression: string): { pattern: string; timezone: string | undefined } {
  const match = /^(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(expression.trim());
  return match ? { pattern: match[2] ?? "", timezone: match[1] } : { pattern: expression.trim(), timezone: undefined };
}
