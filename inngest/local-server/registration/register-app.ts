import { createHash } from "node:crypto";
import { z } from "zod";
import type { Engine } from "../engine";
import { routeHeldEvents } from "../events/route-event";
import { canonicalJson } from "../protocol/canonical-json";
import type { Tx } from "../store/transactions";
import { nextTick } from "../timers/cron-schedule";
import type { FunctionConfig } from "./function-config";
import { RegistrationError } from "./function-config";
import { parseFunction } from "./parse-function";

/** What an app says of itself, in either way of registering. */
export interface AppRegistration {
  id: string;
  url: string;
  sdk: string;
  functions: FunctionConfig[];
}

const body = z.looseObject({
  appName: z.string().min(1).optional(),
  app_id: z.string().min(1).optional(),
  url: z.url(),
  sdk: z.string(),
  functions: z.array(z.unknown()),
});

/** Reads the body of a registration; throws a {@link RegistrationError} on anything that will not be carried out. */
export function parseRegistration(raw: unknown, rules: { allowSecondsInCron: boolean }): AppRegistration {
  const parsed = body.safeParse(raw);
  if (!parsed.success)
    throw new RegistrationError(`The registration is not understood: ${z.prettifyError(parsed.error)}`);
  const { appName, app_id: appId, url, sdk, functions } = parsed.data;
  const id = appName ?? appId;
  if (!id) throw new RegistrationError("The registration does not name its app");
  return { id, url, sdk, functions: functions.map((fn) => parseFunction(fn, rules)) };
}

/** Stores what an app registered; functions it no longer has are archived. Returns whether anything changed. */
export async function registerApp(engine: Engine, app: AppRegistration): Promise<boolean> {
  const checksum = createHash("sha256").update(canonicalJson(app)).digest("hex");
  const changed = await engine.transactions.run(async (tx) => {
    const [known] = await tx<{ checksum: string }[]>`select checksum from app where id = ${app.id} for update`;
    if (known?.checksum === checksum) return false;
    await tx`
      insert into app (id, url, sdk, checksum) values (${app.id}, ${app.url}, ${app.sdk}, ${checksum})
      on conflict (id) do update set url = excluded.url, sdk = excluded.sdk, checksum = excluded.checksum, synced_at = now()`;
    for (const fn of app.functions) {
      await tx`
        insert into function (id, app_id, config) values (${fn.id}, ${app.id}, ${canonicalJson(fn)})
        on conflict (id) do update set app_id = excluded.app_id, config = excluded.config, archived_at = null`;
      await storeSchedules(tx, fn);
    }
    const ids = app.functions.map((fn) => fn.id);
    const archived = await tx<{ id: string }[]>`
      update function set archived_at = now()
      where app_id = ${app.id} and archived_at is null and id <> all(${ids}::text[]) returning id`;
    await tx`delete from cron where function_id = any(${archived.map((row) => row.id)}::text[])`;
    return true;
  });
  if (!changed) return false;
  await engine.functions.reload(engine.sql);
  await routeHeldEvents(engine);
  engine.settings.log("info", "app registered", { app: app.id, url: app.url, functions: app.functions.length });
  engine.timersChanged();
  engine.jobsChanged();
  return true;
}

// A schedule that stays keeps its next tick, so that registering again neither loses nor doubles one.
async function storeSchedules(tx: Tx, fn: FunctionConfig): Promise<void> {
  const expressions = fn.triggers.flatMap((trigger) => ("cron" in trigger ? [trigger.cron] : []));
  await tx`delete from cron where function_id = ${fn.id} and expression <> all(${expressions}::text[])`;
  for (const expression of expressions) {
    await tx`
      insert into cron (function_id, expression, next_at)
      values (${fn.id}, ${expression}, ${nextTick(expression, new Date())})
      on conflict do nothing`;
  }
}
