import { InvalidInput } from "../../../errors";
import { fromBase58 } from "../../../guardian/base58";
import { type Credential, credentialId, payloadHash, verifyCredential } from "../../../guardian/credential";
import { isMetricName } from "../../../metrics/registry";
import { factsOf } from "../../field-map/record-facts";
import { signedConfig } from "../../field-map/signed-config";
import { subjectOfRecord } from "../../field-map/subject-of-record";
import { mrvSettings } from "../../settings";
import type { DeviceDocument, RecordDocument } from "../bundle/documents";
import type { EvidenceManifest } from "../manifest";
import { Differences, type Step, skipped } from "./report";

const FILE = "credential.json";

export interface SignedParts {
  manifest: EvidenceManifest;
  record: RecordDocument;
  device: DeviceDocument;
  /** The exact text; null where nothing was signed. */
  credential: string | null;
}

/** From the figures to the fields of the credential, its hash, its id, and the signature over it. */
export async function checkCredential({ manifest, record, device, credential }: SignedParts): Promise<Step> {
  const name = "Credential";
  if (credential === null) return skipped(name, `Nothing was signed: the record is ${record.status}.`);
  const differences = new Differences();
  const signed = record.credential;
  if (signed === null) {
    differences.add("record.json", "It knows of no credential.");
    return differences.step(name, "A credential of which the record knows nothing.");
  }
  const document: Credential = JSON.parse(credential);
  const [found] = document.credentialSubject;
  const { config } = device;
  const { did, policyId } = manifest.device;
  differences.compare("device.json", "The device's DID", config.did, did, "in manifest.json");
  differences.compare("device.json", "The policy", config.policyId, policyId, "in manifest.json");
  differences.compare(FILE, "The hash of its values", payloadHash(found), signed.payloadHash, "in record.json");
  const period = {
    policyId,
    metric: manifest.figures.metric,
    start: new Date(manifest.period.start),
    end: new Date(manifest.period.end),
    correction: manifest.record.correction,
  };
  differences.compare(
    FILE,
    "Its id",
    document.id,
    credentialId(did, period),
    "for this policy, device, metric and period",
  );
  differences.compare("record.json", "The credential's id", signed.id, document.id, `in ${FILE}`);
  differences.compare(FILE, "Its date", document.issuanceDate, signed.issuedAt, "in record.json");
  compareSubject({ manifest, record, device }, found, differences);
  const verdict = await verifyCredential(credential, {
    did,
    verificationMethod: config.verificationMethod,
    publicKey: fromBase58(config.publicKeyBase58) ?? new Uint8Array(),
    context: { urls: config.contextUrls, document: config.context },
    payloadHash: signed.payloadHash ?? "",
  });
  if (!verdict.isValid) differences.add(FILE, `${verdict.reason}${device.isAsSigned ? "" : NOT_AS_SIGNED}`);
  const fields = Object.keys(found).filter((field) => field !== "type" && field !== "@context").length;
  const sentence = `${fields} fields follow from the figures; signed by ${config.verificationMethod}, key ${config.publicKeyBase58}.`;
  return differences.step(name, sentence);
}

const NOT_AS_SIGNED =
  " device.json has the device's config as it was when the bundle was made, and not as it was at signing, which was not kept.";

function compareSubject(
  { manifest, record, device }: Omit<SignedParts, "credential">,
  found: object,
  differences: Differences,
): void {
  const settings = mrvSettings.parse(manifest.job.settings);
  const { metric, unit, value, carbonTons } = manifest.figures;
  if (!isMetricName(metric)) throw new Error(`${metric} is no metric.`);
  const facts = factsOf({
    id: manifest.record.id,
    meterId: manifest.meter.id,
    metric,
    unit,
    value,
    carbonTons,
    readings: record.readings,
    periodStart: new Date(manifest.period.start),
    periodEnd: new Date(manifest.period.end),
    timezone: manifest.period.timezone,
    evidence: manifest,
  });
  let expected: object;
  try {
    expected = subjectOfRecord(facts, settings, device);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    differences.add(FILE, `The figures give no values that fit the policy. ${error.message}`);
    return;
  }
  const [here, there] = [flat(found), flat(expected)];
  for (const path of new Set([...here.keys(), ...there.keys()])) {
    differences.compare(`${FILE}, field ${path}`, "Its value", here.get(path), there.get(path), "from the figures");
  }
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    if (!differences.any) differences.add(FILE, "Its fields are not in the order of the policy's.");
  }
}

/** Values by dotted path, as JSON: `"1"` is not `1`. */
function flat(value: unknown, path = ""): Map<string, string> {
  if (typeof value !== "object" || value === null) return new Map([[path, JSON.stringify(value)]]);
  const entries = Object.entries(value).flatMap(([name, inner]) => [...flat(inner, path ? `${path}.${name}` : name)]);
  return new Map(entries);
}

/** The device's config with what the job says otherwise: what was sent with the credential. */
export function sentWith({ manifest, device }: Pick<SignedParts, "manifest" | "device">) {
  const { ref, installerDid: owner, policyTag } = signedConfig(device.config, mrvSettings.parse(manifest.job.settings));
  return { ref, owner, policyTag };
}
