import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { enrol } from "../../../e2e/simulators/guardian/testing";
import type { Actor } from "../../auth/actor";
import { auditLog, mrvRecords } from "../../db/schema";
import { testDatabase } from "../../db/testing";
import { keyTexts } from "../../devices/testing";
import { newId } from "../../ids";
import { sha256Hex } from "../../secrets";
import { getEvidenceEndpoint } from "./endpoints";
import { aVerifiedRecord, bundleOf, type Recorded, viewer } from "./testing";
import { entriesOf } from "./testing-repack";
import { aDay, sources } from "./testing-sources";

const database = testDatabase();
let recorded: Recorded;
const wanted = async () => ({ from: await enrol({}, newId()), bounds: aDay, ...sources.CSV() });
let wantedHere: Awaited<ReturnType<typeof wanted>>;
beforeAll(async () => {
  wantedHere = await wanted();
  recorded = await aVerifiedRecord(database.db, wantedHere);
});

function ask(actor: Actor, id = recorded.record.id, worker = recorded.worker) {
  const request = new Request(`http://console.test/api/v1/mrv-records/${id}/evidence`);
  return getEvidenceEndpoint.answer(request, { id }, { db: database.db, actor, worker });
}

async function refusal(response: Response) {
  return { status: response.status, message: (await response.json()).error.message as string };
}

const tokenOf = (meterIds: string[]): Actor => ({ kind: "token", id: "t", name: "t", roles: ["viewer"], meterIds });

describe("the evidence of a record", () => {
  it("is downloaded as a zip with a name and its size, and the log says by whom and what of", async () => {
    const response = await ask(viewer);
    expect(response.status).toBe(200);
    const { id, evidenceHash, meterId } = recorded.record;
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/zip",
      "content-disposition": `attachment; filename="evidence-2026-03-01-${id}.zip"`,
      "cache-control": "no-store",
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get("content-length")).toBe(String(bytes.length));
    const entries = await entriesOf(bytes);
    const contentOf = (name: string) => entries.find((entry) => entry.name === name)?.content.toString() ?? "";
    // Anybody can check these two with sha256sum alone.
    expect(sha256Hex(contentOf("manifest.json"))).toBe(evidenceHash);
    const lines = entries.slice(0, -1).map(({ name, content }) => `${sha256Hex(content)}  ${name}\n`);
    expect(contentOf("hashes.txt")).toBe(lines.join(""));
    expect(contentOf("README.txt")).toContain(evidenceHash);
    const rows = await database.db.select().from(auditLog).where(eq(auditLog.objectId, id)).orderBy(auditLog.seq);
    expect(rows.at(-1)).toMatchObject({
      action: "record.evidence-downloaded",
      actorName: "Vera",
      meterId,
      details: { evidenceHash, hashesSha256: sha256Hex(contentOf("hashes.txt")), sizeBytes: bytes.length },
    });
  });

  it("holds no secret", async () => {
    const text = (await bundleOf(recorded)).toString("latin1");
    expect(text).not.toContain("key_0123456789");
    expect(text).not.toContain(recorded.meter.dataCredentials);
    for (const key of keyTexts(wantedHere.from)) expect(text).not.toContain(key);
  });

  it("is not for tokens of other meters, and says where there is no record", async () => {
    expect((await ask(tokenOf([recorded.meter.id]))).status).toBe(200);
    expect((await ask(tokenOf([newId()]))).status).toBe(403);
    expect((await ask({ ...viewer, roles: [] } as Actor)).status).toBe(403);
    expect(await refusal(await ask(viewer, newId()))).toEqual({ status: 404, message: "There is no such record." });
  });

  it("is refused, with the object's name, where the archive lost one or holds other bytes", async () => {
    const { worker, record } = await aVerifiedRecord(database.db, await wanted());
    const raw = record.evidence.objects.find(({ kind }) => kind === "raw");
    const folder = fileURLToPath(worker.archive.address);
    const path = `${folder}/objects/${raw?.key}`;
    const before = await worker.archive.get(raw?.key ?? "", raw?.sha256 ?? "");
    await rm(path);
    const lost = await refusal(await ask(viewer, record.id, worker));
    expect(lost.status).toBe(422);
    expect(lost.message).toBe(`The evidence is not whole. The archive holds no object ${raw?.key}.`);
    await worker.archive.put(raw?.key ?? "", Buffer.concat([before, Buffer.from("\n")]), "text/csv");
    const damaged = await refusal(await ask(viewer, record.id, worker));
    expect(damaged.status).toBe(422);
    expect(damaged.message).toContain(`The archived object ${raw?.key} has SHA-256`);
    const rows = await database.db.select().from(auditLog).where(eq(auditLog.objectId, record.id));
    expect(rows).toEqual([]);
  });

  it("is refused where readings or the evidence itself were changed behind our back", async () => {
    const { worker, record } = await aVerifiedRecord(database.db, await wanted());
    await database.db.execute(sql`
      update meter_data set e_real_positive_kwh = 9 where meter_id = ${record.meterId} and timestamp = ${aDay[0]}::timestamptz`);
    const changed = await refusal(await ask(viewer, record.id, worker));
    expect(changed.status).toBe(422);
    expect(changed.message).toContain("are not those that this record was made of");
    const evidence = { ...record.evidence, figures: { ...record.evidence.figures, value: "999" } };
    await database.db.update(mrvRecords).set({ evidence }).where(eq(mrvRecords.id, record.id));
    const tampered = await refusal(await ask(viewer, record.id, worker));
    expect(tampered.message).toContain("does not have its hash any more");
  });
});
