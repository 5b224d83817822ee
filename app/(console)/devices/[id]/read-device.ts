import { notFound } from "next/navigation";
import { z } from "zod";
import { requireActor } from "@/lib/auth/session";
import type { Ctx } from "@/lib/ctx";
import { getDevice } from "@/lib/devices/queries";
import type { DeviceDto } from "@/lib/devices/schemas";
import { NotFound } from "@/lib/errors";
import { getDb } from "@/lib/runtime";

/** The device that a page is about, for who is signed in; what is no device's id is a page that is not there. */
export async function readDevice(params: Promise<{ id: string }>): Promise<{ ctx: Ctx; device: DeviceDto }> {
  const actor = await requireActor();
  const { id } = await params;
  if (!z.uuid().safeParse(id).success) notFound();
  const ctx = { db: getDb(), actor };
  try {
    return { ctx, device: await getDevice(ctx, { deviceId: id }) };
  } catch (error) {
    if (error instanceof NotFound) notFound();
    throw error;
  }
}

export function crumbsOf(device: DeviceDto) {
  return [
    { href: "/devices", label: "Devices" },
    { href: `/devices/${device.id}`, label: device.name },
  ];
}
