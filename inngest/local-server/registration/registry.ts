import type { Database } from "../store/database";
import type { FunctionConfig } from "./function-config";

/** The active functions, in memory: every event and every claim asks for them. */
export class FunctionRegistry {
  #functions = new Map<string, FunctionConfig>();
  #exact = new Map<string, FunctionConfig[]>();
  #byPrefix: { prefix: string; fn: FunctionConfig }[] = [];
  #hasApps = false;

  /** Reads the functions again, after a registration or because another server may have made one. */
  async reload(sql: Database): Promise<void> {
    // In this order: an app that is seen has its functions seen too, and events are no longer held back for it.
    const apps = await sql`select 1 from app limit 1`;
    const rows = await sql<{ config: string }[]>`select config from function where archived_at is null order by id`;
    this.#hasApps = apps.length > 0;
    this.#functions = new Map();
    this.#exact = new Map();
    this.#byPrefix = [];
    for (const row of rows) this.#add(JSON.parse(row.config) as FunctionConfig);
  }

  /** Whether any app has ever registered here. */
  get hasApps(): boolean {
    return this.#hasApps;
  }

  get(id: string): FunctionConfig | undefined {
    return this.#functions.get(id);
  }

  all(): Iterable<FunctionConfig> {
    return this.#functions.values();
  }

  /** The functions that some event of this name may start. */
  triggeredBy(eventName: string): FunctionConfig[] {
    const matches = new Set(this.#exact.get(eventName));
    for (const { prefix, fn } of this.#byPrefix) if (eventName.startsWith(prefix)) matches.add(fn);
    return [...matches];
  }

  #add(fn: FunctionConfig): void {
    this.#functions.set(fn.id, fn);
    for (const trigger of fn.triggers) {
      if (!("event" in trigger)) continue;
      if (trigger.event.endsWith("*")) this.#byPrefix.push({ prefix: trigger.event.slice(0, -1), fn });
      else this.#exact.set(trigger.event, [...(this.#exact.get(trigger.event) ?? []), fn]);
    }
  }
}

/** Whether one trigger of a function listens to events of a name. */
export function listensTo(triggerEvent: string, eventName: string): boolean {
  return triggerEvent.endsWith("*") ? eventName.startsWith(triggerEvent.slice(0, -1)) : triggerEvent === eventName;
}
