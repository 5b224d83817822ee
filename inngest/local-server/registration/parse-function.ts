import { z } from "zod";
import { ExpressionError, parseExpression } from "../expressions/parse";
import { parseDurationMs, parseInstant } from "../protocol/duration";
import { cronProblem } from "../timers/cron-schedule";
import type { CancelRule, ConcurrencyLimit, FunctionConfig, Throttle, Trigger } from "./function-config";
import { RegistrationError } from "./function-config";

// Loose on purpose: an unknown key must be reported by its name, not as a schema error.
const functionShape = z.looseObject({
  id: z.string().min(1),
  name: z.string().nullish(),
  triggers: z.array(z.record(z.string(), z.unknown())).nullish(),
  steps: z.record(
    z.string(),
    z.looseObject({
      runtime: z.looseObject({ type: z.string(), url: z.string().nullish() }),
      retries: z.looseObject({ attempts: z.number().int().min(0).max(20).nullish() }).nullish(),
    }),
  ),
});

const concurrencyShape = z.strictObject({
  limit: z.number().int().min(0),
  key: z.string().nullish(),
  scope: z.enum(["fn", "env", "account"]).nullish(),
});
const throttleShape = z.strictObject({
  limit: z.number().int().min(1),
  period: z.string(),
  burst: z.number().int().min(0).nullish(),
  key: z.string().nullish(),
});
const cancelShape = z.strictObject({
  event: z.string().min(1),
  if: z.string().nullish(),
  timeout: z.string().nullish(),
});
const singletonShape = z.strictObject({ mode: z.enum(["skip", "cancel"]), key: z.string().nullish() });
const priorityShape = z.strictObject({ run: z.string().nullish() });

const knownOptions = new Set([
  "id",
  "name",
  "triggers",
  "steps",
  "cancel",
  "concurrency",
  "throttle",
  "priority",
  "idempotency",
  "singleton",
]);
const defaultRetries = 4;

/** Reads one function of a registration. Whatever this server does not do is refused here, and never ignored. */
export function parseFunction(raw: unknown, rules: { allowSecondsInCron: boolean }): FunctionConfig {
  const shape = functionShape.safeParse(raw);
  if (!shape.success) throw new RegistrationError(`A function is not understood: ${z.prettifyError(shape.error)}`);
  const fn = shape.data;
  const refuse = (option: string, why: string): never => {
    throw new RegistrationError(`Function "${fn.id}": option "${option}" ${why}`);
  };
  const read = <T>(option: string, schema: z.ZodType<T>, value: unknown): T => {
    const result = schema.safeParse(value);
    return result.success ? result.data : refuse(option, `is not understood: ${z.prettifyError(result.error)}`);
  };
  const expression = (option: string, text: string | null | undefined, roots = ["event"]): string | undefined => {
    if (text === null || text === undefined) return undefined;
    try {
      parseExpression(text, roots);
      return text;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return refuse(option, `has an expression this server does not evaluate: ${text} (${error.message})`);
    }
  };
  const isSet = (value: unknown): boolean => value !== undefined && value !== null;

  for (const [option, value] of Object.entries(fn)) {
    if (!knownOptions.has(option) && isSet(value)) refuse(option, "is not supported by this server");
  }

  const steps = Object.values(fn.steps);
  const [step] = steps;
  if (!step || steps.length !== 1) return refuse("steps", "must name exactly one step");
  if (step.runtime.type !== "http" || !step.runtime.url)
    return refuse("runtime", "must be http; connect is not supported");

  const triggers = (fn.triggers ?? []).map((trigger): Trigger => {
    for (const [key, value] of Object.entries(trigger)) {
      if (!["event", "expression", "cron"].includes(key) && isSet(value))
        refuse(key, "is not supported by this server");
    }
    if (typeof trigger.cron === "string") {
      const problem = cronProblem(trigger.cron, rules);
      return problem ? refuse("cron", `${trigger.cron} is not understood: ${problem}`) : { cron: trigger.cron };
    }
    const event = read("event", z.string().min(1), trigger.event);
    if (event.slice(0, -1).includes("*")) refuse("event", `${event} may have a * only at its end`);
    return { event, if: expression("if", read("if", z.string().nullish(), trigger.expression)) };
  });

  return {
    id: fn.id,
    name: fn.name ?? fn.id,
    url: step.runtime.url,
    maxAttempts: (step.retries?.attempts ?? defaultRetries) + 1,
    triggers,
    cancel: isSet(fn.cancel) ? read("cancelOn", z.array(cancelShape).max(5), fn.cancel).map(cancelRule) : [],
    concurrency: concurrencyLimits(),
    throttle: isSet(fn.throttle) ? throttle() : undefined,
    priority: isSet(fn.priority)
      ? expression("priority.run", read("priority", priorityShape, fn.priority).run)
      : undefined,
    idempotency: expression("idempotency", read("idempotency", z.string().nullish(), fn.idempotency)),
    singleton: isSet(fn.singleton) ? singleton() : undefined,
  };

  function cancelRule(rule: z.infer<typeof cancelShape>): CancelRule {
    const timeout = rule.timeout ?? undefined;
    if (timeout !== undefined && !parseInstant(timeout, new Date()))
      refuse("cancelOn.timeout", `${timeout} is no time`);
    return { event: rule.event, if: expression("cancelOn.if", rule.if, ["event", "async"]), timeout };
  }

  function concurrencyLimits(): ConcurrencyLimit[] {
    if (!isSet(fn.concurrency)) return [];
    const option = fn.concurrency;
    const list = typeof option === "number" ? [{ limit: option }] : Array.isArray(option) ? option : [option];
    return read("concurrency", z.array(concurrencyShape).max(2), list)
      .map((entry): ConcurrencyLimit => {
        const scope = entry.scope ?? "fn";
        const key = expression("concurrency.key", entry.key);
        if (scope !== "fn" && !key) refuse("concurrency.scope", `"${scope}" needs a key`);
        return { limit: entry.limit, key, scope };
      })
      .filter((entry) => entry.limit > 0);
  }

  function throttle(): Throttle {
    const option = read("throttle", throttleShape, fn.throttle);
    const periodMs = parseDurationMs(option.period);
    if (!periodMs) return refuse("throttle.period", `${option.period} is no time`);
    return { limit: option.limit, periodMs, burst: option.burst ?? 0, key: expression("throttle.key", option.key) };
  }

  function singleton(): FunctionConfig["singleton"] {
    const option = read("singleton", singletonShape, fn.singleton);
    return { mode: option.mode, key: expression("singleton.key", option.key) };
  }
}
