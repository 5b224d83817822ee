import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { auditLog, devices, meters, notificationChannels } from "../../lib/db/schema";
import { testDatabase } from "../../lib/db/testing";
import { openDeviceKey } from "../../lib/devices/internal";
import { newId } from "../../lib/ids";
import { credentialContext } from "../../lib/meters/internal";
import { openTarget, sealTarget } from "../../lib/notifications/channels/target";
import { createSecretBox, SecretUnreadable } from "../../lib/secrets";
import { aDevice, aMeter } from "../../lib/testing/builders";
import { keysInUse, resealCredentials } from "./reseal-credentials";

const database = testDatabase();
const actor = { kind: "system", name: "rotate-keys" } as const;
const fingerprintKey = randomBytes(32);
const oldKey = { id: "old", key: randomBytes(32) };
const newKey = { id: "new", key: randomBytes(32) };
const before = createSecretBox([oldKey], fingerprintKey);
const both = createSecretBox([newKey, oldKey], fingerprintKey);
const after = createSecretBox([newKey], fingerprintKey);

async function aSealedMeter(text: string, box = before) {
  const id = newId();
  const { sealed, keyId } = box.seal(text, credentialContext(id));
  return aMeter(database.db, { id, dataCredentials: sealed, credentialsKeyId: keyId });
}

it("seals every credential with the newest key, so that the old key is needed no more", async () => {
  const texts = Array.from({ length: 120 }, (_, index) => `key_${index}`);
  for (const text of texts) await aSealedMeter(text);
  await aSealedMeter("key_new already", both);

  expect(await resealCredentials({ db: database.db, actor }, both)).toBe(120);
  expect(await keysInUse(database)).toEqual(new Map([["new", 121]]));
  const rows = await database.db.select().from(meters);
  const opened = rows.map((row) => after.open(row.dataCredentials, credentialContext(row.id)));
  expect(opened.sort()).toEqual([...texts, "key_new already"].sort());
  const log = await database.db.select().from(auditLog);
  expect(log.map(({ action, details }) => [action, details.meters])).toEqual([
    ["credentials.resealed", 50],
    ["credentials.resealed", 50],
    ["credentials.resealed", 20],
  ]);
  expect(await resealCredentials({ db: database.db, actor }, both)).toBe(0);
});

it("keeps what it did when a key is missing, and goes on when it is back", async () => {
  await database.db.delete(meters);
  const lost = { id: "lost", key: randomBytes(32) };
  for (let index = 0; index < 50; index += 1) await aSealedMeter("first batch");
  await aSealedMeter("needs the lost key", createSecretBox([lost], fingerprintKey));

  await expect(resealCredentials({ db: database.db, actor }, both)).rejects.toThrow(SecretUnreadable);
  expect(await keysInUse(database)).toEqual(
    new Map([
      ["new", 50],
      ["lost", 1],
    ]),
  );
  const all = createSecretBox([newKey, oldKey, lost], fingerprintKey);
  expect(await resealCredentials({ db: database.db, actor }, all)).toBe(1);
  expect(await keysInUse(database)).toEqual(new Map([["new", 51]]));
});

it("seals addresses of notification channels too", async () => {
  await database.db.delete(meters);
  const id = newId();
  const target = { kind: "webhook", url: "https://example.com/hook", secret: "whsec_1" } as const;
  await database.db.insert(notificationChannels).values({
    ...sealTarget(before, id, target),
    id,
    name: "Operations",
    kind: "webhook",
    targetHint: "example.com",
    kinds: ["late"],
    createdBy: "test",
  });
  expect(await keysInUse(database)).toEqual(new Map([["old", 1]]));
  expect(await resealCredentials({ db: database.db, actor }, both)).toBe(1);
  expect(await keysInUse(database)).toEqual(new Map([["new", 1]]));
  const [row] = await database.db.select().from(notificationChannels);
  expect(row && openTarget(after, row)).toEqual(target);
});

it("seals the keys of devices too, of archived ones as well", async () => {
  await database.db.delete(meters);
  await database.db.delete(notificationChannels);
  const seed = randomBytes(32);
  await aDevice(database.db, { seed, box: before });
  await aDevice(database.db, { seed, box: before, archivedAt: new Date() });
  expect(await keysInUse(database)).toEqual(new Map([["old", 2]]));
  expect(await resealCredentials({ db: database.db, actor }, both)).toBe(2);
  expect(await keysInUse(database)).toEqual(new Map([["new", 2]]));
  const rows = await database.db.select().from(devices);
  expect(rows.map((row) => openDeviceKey(after, row).equals(seed))).toEqual([true, true]);
});
