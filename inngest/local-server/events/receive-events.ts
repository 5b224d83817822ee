import { z } from "zod";
import type { Engine } from "../engine";
import { seededUlid } from "../protocol/ulid";
import type { Tx } from "../store/transactions";
import { type StoredEvent, storedEvent } from "./event";
import { routeEvent } from "./route-event";

/** Said of events that are not taken in; the sender is told why. */
export class EventRefused extends Error {}

const maxEvents = 5_000;
const maxEventBytes = 3_145_728;

const eventShape = z.looseObject({
  id: z
    .string()
    .regex(/^[^\0]*$/)
    .nullish(),
  // PostgreSQL keeps no NUL in a text.
  name: z.string().regex(/^[^\0]{1,512}$/, "must be 1 to 512 characters"),
  data: z.record(z.string(), z.unknown()).nullish(),
  ts: z.number().int().min(0).nullish(),
});

/** An event of a request; `key` is the id its sender gave it, by which it is taken in only once. */
type IncomingEvent = StoredEvent & { key: string | null };

/**
 * Takes in the events of one request, all or none, and starts what they trigger. Returns the server's id for each.
 * An event whose id was seen within 24 hours is not taken in again; its sender gets the first one's id.
 */
export async function receiveEvents(engine: Engine, raw: unknown, seed: string | undefined): Promise<string[]> {
  const events = parseEvents(raw, seed);
  const ids = await engine.transactions.run(async (tx) => {
    const winners = await claimKeys(tx, events);
    const idOf = (item: IncomingEvent): string => winners.get(item.key ?? "") ?? item.internalId;
    const firsts = events.filter((item) => idOf(item) === item.internalId);
    // Before any app has registered nothing can be started; such events wait, so that starting order does not matter.
    const isHeld = !engine.functions.hasApps && engine.settings.sdkUrls.length > 0;
    const stored = await storeEvents(tx, firsts, isHeld);
    if (!isHeld) for (const item of firsts) if (stored.has(item.internalId)) await routeEvent(engine, tx, item);
    return events.map(idOf);
  });
  engine.jobsChanged();
  return ids;
}

function parseEvents(raw: unknown, seed: string | undefined): IncomingEvent[] {
  const list: unknown[] = Array.isArray(raw) ? raw : [raw];
  if (list.length > maxEvents) throw new EventRefused(`At most ${maxEvents} events fit into one request`);
  return list.map((item, index) => {
    const parsed = eventShape.safeParse(item);
    if (!parsed.success) throw new EventRefused(`Event ${index} is not understood: ${z.prettifyError(parsed.error)}`);
    const { id, name, data, ts, ...rest } = parsed.data;
    if (name.startsWith("inngest/"))
      throw new EventRefused(`Event ${index}: the names "inngest/…" are the server's own`);
    const internalId = seededUlid(seed, index);
    const event = { ...rest, id: id || internalId, name, data: data ?? {}, ts: ts || Date.now() };
    const stored = storedEvent(internalId, event);
    if (Buffer.byteLength(stored.body) > maxEventBytes) throw new EventRefused(`Event ${index} is larger than 3 MB`);
    return { ...stored, key: id || null };
  });
}

/** Which event owns each key: the first one of the last 24 hours. Sorted, so that two requests cannot deadlock. */
async function claimKeys(tx: Tx, events: IncomingEvent[]): Promise<Map<string, string>> {
  const firstByKey = new Map<string, string>();
  for (const { key, internalId } of events) if (key && !firstByKey.has(key)) firstByKey.set(key, internalId);
  if (firstByKey.size === 0) return firstByKey;
  const sorted = [...firstByKey].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = await tx<{ key: string; event_id: string }[]>`
    insert into event_key as known (key, event_id, expires_at)
    select key, id, now() + interval '24 hours'
    from unnest(${sorted.map(([key]) => key)}::text[], ${sorted.map(([, id]) => id)}::text[]) as fresh (key, id)
    on conflict (key) do update set
      event_id = case when known.expires_at < now() then excluded.event_id else known.event_id end,
      expires_at = case when known.expires_at < now() then excluded.expires_at else known.expires_at end
    returning key, event_id`;
  return new Map(rows.map((row) => [row.key, row.event_id]));
}

/** Stores events and returns the ids of those that are new; a repeated request names the same ids again. */
async function storeEvents(tx: Tx, events: IncomingEvent[], isHeld: boolean): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const rows = await tx<{ id: string }[]>`
    insert into event (id, name, body, routed_at)
    select id, name, body, case when ${isHeld} then null else now() end
    from unnest(
      ${events.map((item) => item.internalId)}::text[],
      ${events.map((item) => item.event.name)}::text[],
      ${events.map((item) => item.body)}::text[]
    ) as fresh (id, name, body)
    on conflict (id) do nothing
    returning id`;
  return new Set(rows.map((row) => row.id));
}
