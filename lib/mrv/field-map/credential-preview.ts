import { eq } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "../../auth/actor";
import type { Ctx } from "../../ctx";
import { devices, mrvRecords } from "../../db/schema";
import { InvalidInput, NotFound } from "../../errors";
import { parseInput } from "../../field-errors";
import { CREDENTIALS_CONTEXT } from "../../guardian/contexts/loader";
import { credentialId } from "../../guardian/credential";
import { type Subject, SYSTEM_FIELDS } from "../../guardian/subject";
import type { MrvSettings } from "../settings";
import { factsOf } from "./record-facts";
import { sourceWords } from "./source-words";
import { subjectOfRecord } from "./subject-of-record";

export interface CredentialPreview {
  credentialId: string;
  /** As it will be signed, without proof and date; once it is signed, the stored document. Null where none can be made. */
  document: object | null;
  /** Single values of the subject in its order, nested ones by dotted path, with where each comes from. */
  fields: { path: string; value: string; from: string }[];
  /** Why none can be made, in sentences. */
  fault: string | null;
}

/** The credential of a record as a reviewer sees it. */
export async function credentialPreview(ctx: Ctx, input: { recordId: string }): Promise<CredentialPreview> {
  authorise(ctx.actor, "fleet:read");
  const { recordId } = parseInput(z.strictObject({ recordId: z.uuid() }), input);
  const [found] = await ctx.db
    .select({ record: mrvRecords, device: devices })
    .from(mrvRecords)
    .innerJoin(devices, eq(devices.id, mrvRecords.deviceId))
    .where(eq(mrvRecords.id, recordId));
  if (!found) throw new NotFound("There is no such record.");
  const { record, device } = found;
  authorise(ctx.actor, "fleet:read", record.meterId);
  const { did, policyId, metric, periodStart: start, periodEnd: end, correction } = record;
  const id = record.credentialId ?? credentialId(did, { policyId, metric, start, end, correction });
  const preview = (document: object | null, subject: Subject | null, fault: string | null): CredentialPreview => ({
    credentialId: id,
    document,
    fields: subject ? fieldsOf(subject, record.settings) : [],
    fault,
  });
  if (record.credential !== null) {
    const signed = JSON.parse(record.credential) as { credentialSubject: [Subject] };
    return preview(signed, signed.credentialSubject[0], null);
  }
  if (device.config.did !== did || device.config.policyId !== policyId) {
    return preview(null, null, `${device.name} is another device or of another policy now: extract the record again.`);
  }
  try {
    const subject = subjectOfRecord(factsOf(record), record.settings, device);
    const document = {
      id,
      type: ["VerifiableCredential"],
      issuer: did,
      "@context": [CREDENTIALS_CONTEXT],
      credentialSubject: [subject],
    };
    return preview(document, subject, null);
  } catch (error) {
    if (error instanceof InvalidInput) return preview(null, null, error.message);
    throw error;
  }
}

/** Type and context name the schema, and are no values of the record. */
const FRAME = ["type", "@context"];

export function fieldsOf(subject: Subject, { MRV_FIELD_MAP, MRV_REF }: Pick<MrvSettings, "MRV_FIELD_MAP" | "MRV_REF">) {
  const from = (path: string) => {
    const rule = MRV_FIELD_MAP[path];
    if (rule) return sourceWords(rule);
    if (path === "ref" && MRV_REF !== undefined) return "the job's reference";
    return SYSTEM_FIELDS.some((field) => field === path) ? "the MRV config" : "";
  };
  return valuesOf(subject, "").map(({ path, value }) => ({ path, value, from: from(path) }));
}

function valuesOf(value: unknown, path: string): { path: string; value: string }[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesOf(each, path));
  if (typeof value !== "object" || value === null) return [{ path, value: String(value) }];
  return Object.entries(value).flatMap(([name, inner]) =>
    FRAME.includes(name) ? [] : valuesOf(inner, path ? `${path}.${name}` : name),
  );
}
