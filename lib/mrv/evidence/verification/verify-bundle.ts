import { type FileHandle, open } from "node:fs/promises";
import { type DeviceDocument, HASHES, type RecordDocument, type SubmissionDocument } from "../bundle/documents";
import { codeVersion } from "../code-version";
import type { EvidenceManifest } from "../manifest";
import { ZipFault } from "../zip/read-zip";
import { checkCredential } from "./check-credential";
import { checkFigures } from "./check-figures";
import { checkManifest, checkObjects } from "./check-manifest";
import { checkReadings, readReadings } from "./check-readings";
import { checkSubmissions } from "./check-submissions";
import { type Bundle, checkFiles, checkHashes, openBundle } from "./open-bundle";
import { Differences, type Step, skipped, type VerificationReport } from "./report";
import { type RemadeRows, transformAgain } from "./transform-again";

/** The file cannot be read at all; the message is a sentence. */
export class NoBundle extends Error {
  override name = "NoBundle";
}

/**
 * Recomputes everything that a bundle says, from the raw bytes up, and compares it. Needs no database, no archive and no network. Throws
 * NoBundle where there is no such file; whatever is wrong with what is in it is in the report. `verifiedBy` names the sources that do it.
 */
export async function verifyBundle(path: string, verifiedBy = codeVersion): Promise<VerificationReport> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw new NoBundle(`${path} cannot be read: ${reasonOf(error)}`);
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new NoBundle(`${path} is no file: name the zip that the console gave.`);
    if (stat.size === 0) throw new NoBundle(`${path} is empty: download it again.`);
    return await verifyFile(path, file, verifiedBy);
  } finally {
    await file.close();
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === "ENOENT") return "there is no such file.";
  if (code === "EACCES" || code === "EPERM") return "this user may not read it.";
  return message;
}

async function verifyFile(path: string, file: FileHandle, verifiedBy: string): Promise<VerificationReport> {
  const report: VerificationReport = {
    isEqual: false,
    verifiedBy,
    record: null,
    evidenceHash: null,
    hashesSha256: null,
    steps: [],
  };
  let bundle: Bundle;
  try {
    const opened = await openBundle(path, file);
    bundle = opened.bundle;
    report.steps.push(opened.step);
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    const differences = new Differences();
    differences.add(error.place, error.message);
    report.steps.push(differences.step("Zip file", ""));
    return report;
  }
  report.hashesSha256 = bundle.has(HASHES) ? bundle.entry(HASHES).sha256 : null;
  report.evidenceHash = bundle.has("manifest.json") ? bundle.entry("manifest.json").sha256 : null;
  report.steps.push(await guarded("Hashes", () => checkHashes(bundle)));
  for await (const step of stepsOf(bundle, report)) report.steps.push(step);
  report.isEqual = report.steps.every(({ outcome }) => outcome !== "differs");
  return report;
}

/** One after another; what a later one needs and an earlier one could not read ends them. */
async function* stepsOf(bundle: Bundle, report: VerificationReport): AsyncGenerator<Step> {
  let documents: Documents;
  try {
    documents = await readDocuments(bundle);
  } catch (error) {
    yield failed("Manifest", error);
    yield skipped("Figures", "Not looked at: they cannot be checked without all of the documents.");
    return;
  }
  const { manifest, record, device, submissions, credential } = documents;
  report.record = summaryOf(documents);
  yield await guarded("Files", async () => checkFiles(bundle, manifest, submissions, credential !== null));
  yield await guarded("Manifest", () => checkManifest(bundle, manifest, record));
  yield await guarded("Objects", async () => checkObjects(bundle, manifest));
  let remade: RemadeRows = new Map();
  yield await guarded("Transformation", async () => {
    const again = await transformAgain(bundle, manifest);
    remade = again.remade;
    return again.step;
  });
  const text = await bundle.text("readings.ndjson");
  yield await guarded("Readings", async () => checkReadings(text, readReadings(text), manifest, remade));
  yield await guarded("Figures", async () => checkFigures(readReadings(text), manifest, record));
  const signed = { manifest, record, device, credential };
  yield await guarded("Credential", () => checkCredential(signed));
  yield await guarded("Submissions", () => checkSubmissions(bundle, signed, submissions));
}

interface Documents {
  manifest: EvidenceManifest;
  record: RecordDocument;
  device: DeviceDocument;
  submissions: SubmissionDocument[];
  credential: string | null;
}

async function readDocuments(bundle: Bundle): Promise<Documents> {
  const manifest = await bundle.json<EvidenceManifest>("manifest.json");
  const record = await bundle.json<RecordDocument>("record.json");
  const device = await bundle.json<DeviceDocument>("device.json");
  const submissions = await bundle.json<SubmissionDocument[]>("submissions.json");
  bundle.entry("readings.ndjson");
  const credential = bundle.has("credential.json") ? await bundle.text("credential.json") : null;
  for (const [name, document] of Object.entries({ manifest, record, device })) {
    if (typeof document !== "object" || document === null) throw new Error(`${name}.json is not in its form.`);
  }
  if (!Array.isArray(submissions)) throw new Error("submissions.json is no list.");
  if (
    !Array.isArray(manifest.factors) ||
    !Array.isArray(manifest.objects) ||
    !manifest.objects.every(isObjectOfArchive)
  ) {
    throw new Error("manifest.json does not list factors and objects in its form.");
  }
  return { manifest, record, device, submissions, credential };
}

function isObjectOfArchive(object: Partial<EvidenceManifest["objects"][number]> | null): boolean {
  const texts = [object?.id, object?.key, object?.kind, object?.sha256];
  return texts.every((text) => typeof text === "string") && Array.isArray(object?.inputIds) && Boolean(object?.origin);
}

function summaryOf({ manifest, record }: Documents): VerificationReport["record"] {
  const { figures, period, meter } = manifest;
  return {
    id: manifest.record?.id,
    status: record.status,
    meter: meter?.name,
    period: `${period?.start} to ${period?.end}`,
    figure: `${figures?.metric} ${figures?.value ?? "none"} ${figures?.unit}`,
    extractedBy: manifest.codeVersion,
  };
}

/** What was changed may be of another shape than any check expects: that is a difference, too. */
async function guarded(name: string, check: () => Promise<Step>): Promise<Step> {
  try {
    return await check();
  } catch (error) {
    return failed(name, error);
  }
}

function failed(name: string, error: unknown): Step {
  const differences = new Differences();
  const why = error instanceof Error ? error.message : String(error);
  const place = /[a-z]+\.(?:json|ndjson|txt)/.exec(why)?.[0] ?? name.toLowerCase();
  differences.add(place, `This cannot be checked, because something in it is not of its form: ${why}`);
  return differences.step(name, "");
}
