import { and, asc, eq, exists, inArray, isNotNull, isNull, or, sql } from "drizzle-orm";
import { z } from "zod";
import { authorise, meterScope } from "../auth/actor";
import type { Ctx } from "../ctx";
import { devices, meters } from "../db/schema";
import { NotFound } from "../errors";
import { parseInput } from "../field-errors";
import { decodeCursor, type Page, page } from "../http/cursor";
import { getDeviceRow, metersOf, toDto, toSummary } from "./internal";
import { type DeviceDto, type DeviceSummary, deviceIdInput, listDevicesQuery } from "./schemas";

/** Throws NotFound, also for a token that is limited to meters of which none is attached. */
export async function getDevice(ctx: Ctx, input: z.input<typeof deviceIdInput>): Promise<DeviceDto> {
  authorise(ctx.actor, "fleet:read");
  const { deviceId } = parseInput(deviceIdInput, input);
  const device = await toDto(ctx, await getDeviceRow(ctx.db, deviceId));
  if (meterScope(ctx.actor) && device.meters.length === 0) throw new NotFound("There is no such device.");
  return device;
}

const cursorShape = z.tuple([z.string(), z.uuid()]);

/** By name. A token that is limited to meters sees the devices of those. */
export async function listDevices(ctx: Ctx, input: z.input<typeof listDevicesQuery>): Promise<Page<DeviceSummary>> {
  authorise(ctx.actor, "fleet:read");
  const query = parseInput(listDevicesQuery, input);
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, cursorShape);
  const rows = await ctx.db
    .select()
    .from(devices)
    .where(
      and(
        query.archived ? isNotNull(devices.archivedAt) : isNull(devices.archivedAt),
        isSeen(ctx),
        query.search ? contains(query.search) : undefined,
        after ? sql`(${devices.name}, ${devices.id}) > (${after[0]}, ${after[1]}::uuid)` : undefined,
      ),
    )
    .orderBy(asc(devices.name), asc(devices.id))
    .limit(query.limit + 1);
  const attached = await metersOf(
    ctx,
    rows.map(({ id }) => id),
  );
  return page(
    rows,
    query.limit,
    ({ name, id }) => [name, id],
    (row) => toSummary(row, attached.get(row.id) ?? []),
  );
}

/** Meters in use without a device, by name: what can be attached. */
export async function attachableMeters(ctx: Ctx): Promise<{ id: string; name: string; type: string }[]> {
  authorise(ctx.actor, "devices:edit");
  return ctx.db
    .select({ id: meters.id, name: meters.name, type: meters.type })
    .from(meters)
    .where(and(isNull(meters.archivedAt), isNull(meters.deviceId)))
    .orderBy(asc(meters.name), asc(meters.id));
}

function isSeen(ctx: Ctx) {
  const scope = meterScope(ctx.actor);
  if (!scope) return undefined;
  const attached = ctx.db
    .select({ id: meters.id })
    .from(meters)
    .where(and(eq(meters.deviceId, devices.id), isNull(meters.archivedAt), inArray(meters.id, [...scope])));
  return exists(attached);
}

function contains(text: string) {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return or(
    sql`${devices.name} ilike ${pattern}`,
    sql`${devices.did} ilike ${pattern}`,
    sql`${devices.policyId} ilike ${pattern}`,
    sql`${devices.policyTag} ilike ${pattern}`,
  );
}
