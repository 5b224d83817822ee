import type { EvidenceManifest } from "../manifest";

/** `README.txt`: for a person who has this file and nothing else. */
export function readmeText(manifest: EvidenceManifest, evidenceHash: string): string {
  const { record, device, meter, period, figures, readings, coverage } = manifest;
  const carbon = figures.carbonTons === null ? "none" : `${figures.carbonTons} tCO2-e`;
  return `EVIDENCE OF AN MRV RECORD

Record     ${record.id}
Device     ${device.did}
Policy     ${device.policyId} (${device.policyTag})
Meter      ${meter.name} (${meter.type}, ${meter.id})
Period     ${period.start} to ${period.end}, the end not included; zone ${period.timezone}
Figure     ${figures.metric}: ${figures.value ?? "none"} ${figures.unit}; carbon: ${carbon}
Readings   ${readings.count}, of ${coverage.expected} expected

WHAT IS HERE

manifest.json     All that the figures rest on, with hashes. JSON with sorted keys and no spaces; its SHA-256 is the evidence hash,
                  which the approval of the record is bound to:
                  ${evidenceHash}
readings.ndjson   The readings as they were when the record was made. The first line names the metric; each other line is
                  [start (UTC), seconds, value, tCO2-e, emission factor, quality, transformed object it was read from].
                  Values are in ${figures.unit}; null: the source did not say. Forecasts and readings without a value count for nothing.
raw/              What the meter's source sent, byte for byte. manifest.json says where each came from.
transformed/      The same in one format for all types of meters, made from the raw files; manifest.json says from which and with which
                  settings ("inputIds", "took").
factors.json      The emission factors that were used, in kg CO2-e per kWh.
settings.json     Settings of the meter and of the job, as they were then.
record.json       Status, checks and decision, as they were when this file was made.
device.json       The public part of the device's configuration: key, JSON-LD context, JSON schema. No private key is in it.
credential.json   The signed credential, exactly as it was signed. Missing where nothing was signed.
submissions.json  Each attempt to send it; submissions/ holds what was sent and what came back, byte for byte.
code.json         Which release of Meterproof, built from which sources, made the record.
hashes.txt        SHA-256 of every other file.

HOW TO CHECK IT

With Meterproof, in a clone of its repository, without a database, a network or an account:

  npm run verify-evidence -- THIS_FILE.zip

It makes the transformed files again from the raw ones, the readings from those, the figures from the readings, the credential's fields from
the figures, verifies the signature, and compares each with what is here, to the last digit and the last byte.

Without Meterproof:

  sha256sum -c hashes.txt       every file is as it was put in
  sha256sum manifest.json       the evidence hash above
  sha256sum readings.ndjson     "readings" in manifest.json
  sha256sum raw/*               "objects" in manifest.json

The figure is the sum of the third column of readings.ndjson, without forecasts. In Python:

  import json, decimal
  rows = [json.loads(line) for line in open("readings.ndjson")][1:]
  print(sum(decimal.Decimal(row[2]) for row in rows if row[2] is not None and row[5] != "forecast"))

WHAT IT RESTS ON

Whoever made all of this anew could make it consistent. So compare, with people you trust or with places that others keep:

- the evidence hash, with the console's page of this record and with its audit log (entry "record.approved"), whose entries are chained by hash;
- the SHA-256 of hashes.txt, with the audit log (entry "record.evidence-downloaded"): it covers this whole file;
- the credential, with the document that Guardian holds, and the device's public key, with its DID document;
- the raw files, with what the meter's vendor says today.
`;
}
