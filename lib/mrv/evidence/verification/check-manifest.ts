import { canonicalJson } from "../../../audit/chain";
import { sha256Hex } from "../../../secrets";
import { type CodeDocument, objectName, type RecordDocument, settingsDocument } from "../bundle/documents";
import type { EvidenceManifest } from "../manifest";
import type { Bundle } from "./open-bundle";
import { counted, Differences, type Step } from "./report";

/** The manifest's form and hash, and that what repeats it says the same. */
export async function checkManifest(bundle: Bundle, manifest: EvidenceManifest, record: RecordDocument): Promise<Step> {
  const differences = new Differences();
  const text = await bundle.text("manifest.json");
  const hash = sha256Hex(text);
  if (canonicalJson(manifest) !== text) differences.add("manifest.json", "It is not written in canonical form.");
  if (manifest.format !== "meterproof-evidence/1") {
    differences.add("manifest.json", `Its format is ${String(manifest.format)}, which this release does not know.`);
  }
  const says = "in manifest.json";
  const compare = (what: string, found: unknown, expected: unknown) =>
    differences.compare("record.json", what, found, expected, says);
  differences.compare("record.json", "The evidence hash", record.evidenceHash, hash, "of manifest.json as it is");
  compare("The record's id", record.id, manifest.record.id);
  compare("The metric", record.figures.metric, manifest.figures.metric);
  compare("The unit", record.figures.unit, manifest.figures.unit);
  compare("The figure", decimal(record.figures.value), manifest.figures.value);
  compare("The carbon", decimal(record.figures.carbonTons), manifest.figures.carbonTons);
  compare("The period's start", record.period.start, manifest.period.start);
  compare("The period's end", record.period.end, manifest.period.end);
  compare("The time zone", record.period.timezone, manifest.period.timezone);
  compare("Readings expected", record.expected, manifest.coverage.expected);
  compare("The correction's number", record.correction, manifest.record.correction);
  compare("The record it corrects", record.correctsId, manifest.record.correctsId);
  compare("The record it replaces", record.replacesId, manifest.record.replacesId);
  for (const [name, document] of [
    ["factors.json", manifest.factors],
    ["settings.json", settingsDocument(manifest)],
  ] as const) {
    // The database may give members in another order.
    if (canonicalJson(await bundle.json(name)) !== canonicalJson(document)) {
      differences.add(name, "It says something else than manifest.json.");
    }
  }
  const code = await bundle.json<CodeDocument>("code.json");
  differences.compare("code.json", "The release", code.extractedBy, manifest.codeVersion, says);
  return differences.step("Manifest", `Evidence hash ${hash}; record, factors and settings say the same.`);
}

/** PostgreSQL keeps zeros behind a figure. */
function decimal(text: string | null): string | null {
  return text?.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** The archived objects in the bundle are those that the manifest names. */
export function checkObjects(bundle: Bundle, manifest: EvidenceManifest): Step {
  const differences = new Differences();
  let bytes = 0;
  const raw = new Set(manifest.objects.filter(({ kind }) => kind === "raw").map(({ id }) => id));
  for (const object of manifest.objects) {
    const { kind, sha256, sizeBytes, inputIds } = object;
    const name = objectName(object);
    if (bundle.has(name)) {
      const entry = bundle.entry(name);
      bytes += entry.sizeBytes;
      differences.compare(name, "Its SHA-256", entry.sha256, sha256, "in manifest.json");
      differences.compare(name, "Its size", entry.sizeBytes, sizeBytes, "in manifest.json");
    }
    for (const input of kind === "transformed" ? inputIds : []) {
      if (!raw.has(input))
        differences.add(name, `It was made from the object ${input}, which manifest.json does not have.`);
    }
  }
  const made = manifest.objects.length - raw.size;
  return differences.step(
    "Objects",
    `${counted(raw.size, "raw object")} and ${counted(made, "transformed one")}, ${counted(bytes, "byte")}, with the hashes of the manifest.`,
  );
}
