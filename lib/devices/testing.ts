import { eq } from "drizzle-orm";
import type { Actor } from "../auth/actor";
import type { WorkerCtx } from "../ctx";
import type { Db } from "../db/client";
import { auditLog, devices } from "../db/schema";
import { log } from "../log";
import { createAddressGuard } from "../net/address-guard";
import type { Worker } from "../pipeline/worker";
import { createSecretBox } from "../secrets";
import { createDevice } from "./create-device";
import type { DeviceRow } from "./internal";
import type { DeviceDto } from "./schemas";

/** What tests of devices work with. */

/** A simulated device, as far as it is needed here. */
interface Enrolled {
  device: { config: Record<string, unknown>; seed: Buffer };
}

const secretKey = Buffer.alloc(32, 1);
const fingerprintKey = Buffer.alloc(32, 2);
export const secrets = createSecretBox([{ id: "k1", key: secretKey }], fingerprintKey);

/** What a process of the product needs to open these devices' keys. */
export const secretEnvironment = {
  METERPROOF_SECRET_KEYS: `k1:${secretKey.toString("base64")}`,
  METERPROOF_FINGERPRINT_KEY: fingerprintKey.toString("base64"),
  NEXTAUTH_SECRET: "only for tests, and long enough to be one",
};

export function ctxOf(db: Db, actor: Actor = { kind: "system", name: "test" }): WorkerCtx {
  const addresses = createAddressGuard({ allowed: ["localhost", "127.0.0.1"] });
  const worker = { db, secrets, addresses, now: () => new Date(), log };
  return { db, actor, worker: worker as unknown as Worker };
}

export const limitedTo = (meterIds: string[]): Actor => ({
  kind: "token",
  id: "t",
  name: "t",
  roles: ["admin"],
  meterIds,
});

/** The config of a simulated device, to be changed. */
export const copyOf = ({ device }: Enrolled) => structuredClone(device.config);

export function addDevice(
  db: Db,
  from: Enrolled,
  values: Partial<Parameters<typeof createDevice>[1]> = {},
): Promise<DeviceDto> {
  return createDevice(ctxOf(db), { name: "Roof inverter", mrvConfig: copyOf(from), ...values });
}

export function auditOf(db: Db, id: string) {
  return db.select().from(auditLog).where(eq(auditLog.objectId, id)).orderBy(auditLog.seq);
}

export async function rowOf(db: Db, id: string): Promise<DeviceRow> {
  const [row] = await db.select().from(devices).where(eq(devices.id, id));
  if (!row) throw new Error("There is no row.");
  return row;
}

/** Every way in which the private keys of a config could be written down. */
export function keyTexts({ device }: Enrolled): string[] {
  const methods = (device.config.didDocument as { verificationMethod: { privateKeyBase58?: string }[] })
    .verificationMethod;
  return [
    String(device.config.hederaAccountKey),
    device.seed.toString("hex"),
    device.seed.toString("base64"),
    device.seed.toString("base64url"),
    ...methods.flatMap(({ privateKeyBase58 }) => privateKeyBase58 ?? []),
  ];
}
