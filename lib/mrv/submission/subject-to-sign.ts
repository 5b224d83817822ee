import type { DeviceRow } from "../../devices/internal";
import { payloadHash } from "../../guardian/credential";
import type { Subject } from "../../guardian/subject";
import { factsOf } from "../field-map/record-facts";
import { subjectOfRecord } from "../field-map/subject-of-record";
import type { RecordRow } from "../review/internal";

/** What a record says to the policy, valid by the device's schema, and its hash. Throws InvalidInput with a sentence at every field. */
export function subjectToSign(
  record: RecordRow,
  device: Pick<DeviceRow, "config" | "subjectSchema">,
): { subject: Subject; payloadHash: string } {
  const subject = subjectOfRecord(factsOf(record), record.settings, device);
  return { subject, payloadHash: payloadHash(subject) };
}
