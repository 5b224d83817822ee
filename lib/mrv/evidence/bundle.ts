import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Archive } from "../../archive/archive";
import { audit } from "../../audit/audit";
import { canonicalJson } from "../../audit/chain";
import { authorise } from "../../auth/actor";
import type { WorkerCtx } from "../../ctx";
import type { Db } from "../../db/client";
import { mrvRecords, mrvSubmissions } from "../../db/schema";
import { withTx } from "../../db/tx";
import { getDeviceRow } from "../../devices/internal";
import { NotFound, NotPossibleNow } from "../../errors";
import { parseInput } from "../../field-errors";
import { streamBody } from "../../http/stream-body";
import { inParallel } from "../../pipeline/etl/run-stage";
import { civilDate } from "../../time";
import {
  answerName,
  BUNDLE_FORMAT,
  type CodeDocument,
  type DeviceDocument,
  fileNames,
  HASHES,
  hashesText,
  jsonText,
  recordDocument,
  requestName,
  settingsDocument,
  submissionDocument,
} from "./bundle/documents";
import { archivedFile, type BundleFile, heldFile } from "./bundle/files";
import { readingsThen } from "./bundle/readings-then";
import { readmeText } from "./bundle/readme-text";
import { evidenceHash } from "./evidence-hash";
import { readSigningConfig } from "./signing-config";
import { zipped } from "./zip/write-zip";
import { MOST_BYTES, MOST_ENTRIES, zipSize } from "./zip/zip-form";

type RecordRow = typeof mrvRecords.$inferSelect;

const evidenceInput = z.strictObject({ recordId: z.uuid() });

export interface EvidenceBundle {
  fileName: string;
  sizeBytes: number;
  stream: ReadableStream<Uint8Array>;
}

/** Objects of the archive whose checksums are looked at together. */
const READ_AT_ONCE = 4;

/**
 * All that a record rests on, as one zip for people who do not trust us: see `README.txt` in it. The same record in the same state gives the same bytes.
 * Everything is read and checked before the first byte is given; then objects are streamed, and memory stays flat. Throws NotFound, Forbidden,
 * and NotPossibleNow where something of the evidence is gone or was changed.
 */
export async function evidenceBundle(ctx: WorkerCtx, input: z.input<typeof evidenceInput>): Promise<EvidenceBundle> {
  const { recordId } = parseInput(evidenceInput, input);
  authorise(ctx.actor, "fleet:read");
  const [record] = await ctx.db.select().from(mrvRecords).where(eq(mrvRecords.id, recordId));
  if (!record) throw new NotFound("There is no such record.");
  authorise(ctx.actor, "fleet:read", record.meterId);

  const files = await filesOf(ctx.db, ctx.worker.archive, record);
  const hashes = heldFile(HASHES, hashesText(files));
  const entries = [...files, hashes];
  const sizeBytes = zipSize(entries);
  if (sizeBytes > MOST_BYTES || entries.length > MOST_ENTRIES) {
    const what = `The evidence has ${entries.length} files of ${Math.round(sizeBytes / 1024 ** 2)} MB, and a zip file holds up to 4 GB.`;
    throw new NotPossibleNow(`${what} Take the objects from the archive: the record's evidence names their keys.`);
  }
  await withTx(ctx.db, (tx) =>
    audit(tx, ctx.actor, "record.evidence-downloaded", {
      objectType: "record",
      objectId: record.id,
      meterId: record.meterId,
      details: { evidenceHash: record.evidenceHash, hashesSha256: hashes.sha256, sizeBytes },
    }),
  );
  const day = civilDate(record.periodStart, record.timezone);
  return { fileName: `evidence-${day}-${record.id}.zip`, sizeBytes, stream: streamBody(zipped(entries)) };
}

/** All but `hashes.txt`, in their order. */
async function filesOf(db: Db, archive: Archive, record: RecordRow): Promise<BundleFile[]> {
  const manifest = record.evidence;
  if (evidenceHash(manifest) !== record.evidenceHash) {
    throw new NotPossibleNow(
      "The stored evidence of this record does not have its hash any more: it was changed in the database itself. Restore it from a backup.",
    );
  }
  const submissions = await db
    .select()
    .from(mrvSubmissions)
    .where(eq(mrvSubmissions.recordId, record.id))
    .orderBy(asc(mrvSubmissions.attempt));
  const listed = submissions.map(submissionDocument);
  const code: CodeDocument = { format: BUNDLE_FORMAT, extractedBy: manifest.codeVersion };
  const held = [
    heldFile("README.txt", readmeText(manifest, record.evidenceHash)),
    heldFile("manifest.json", canonicalJson(manifest)),
    heldFile("record.json", jsonText(recordDocument(record))),
    heldFile("readings.ndjson", await readingsThen(db, manifest)),
    heldFile("factors.json", jsonText(manifest.factors)),
    heldFile("settings.json", jsonText(settingsDocument(manifest))),
    heldFile("device.json", jsonText(await deviceDocument(db, record))),
    heldFile("submissions.json", jsonText(listed)),
    heldFile("code.json", jsonText(code)),
    ...(record.credential === null ? [] : [heldFile("credential.json", record.credential)]),
    ...submissions.flatMap(({ attempt, request, answer }) => [
      heldFile(requestName(attempt), request),
      ...(answer === null ? [] : [heldFile(answerName(attempt), answer)]),
    ]),
  ];
  const archived: BundleFile[] = [];
  await inParallel(manifest.objects, READ_AT_ONCE, async (object) => {
    archived.push(await archivedFile(archive, object));
  });
  const byName = new Map([...held, ...archived].map((file) => [file.name, file]));
  return fileNames(manifest, listed, record.credential !== null).map((name) => {
    const file = byName.get(name);
    if (!file) throw new Error(`Nothing was made for ${name}.`);
    return file;
  });
}

async function deviceDocument(db: Db, { deviceId, signedWith }: RecordRow): Promise<DeviceDocument> {
  const asSigned = signedWith === null ? null : await readSigningConfig(db, signedWith);
  if (asSigned) return { id: deviceId, isAsSigned: true, ...asSigned };
  const { config, subjectSchema } = await getDeviceRow(db, deviceId);
  return { id: deviceId, isAsSigned: false, config, subjectSchema };
}
