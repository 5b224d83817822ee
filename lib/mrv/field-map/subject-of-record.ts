import { subjectShapeOf } from "../../devices/config/device-fields";
import { type FieldErrors, InvalidInput } from "../../errors";
import { numberText } from "../../guardian/decimal-text";
import type { GivenValue } from "../../guardian/field-values";
import { isObject, type JsonObject } from "../../guardian/json-object";
import type { MrvConfig } from "../../guardian/mrv-config";
import { buildSubject, type Subject, type SubjectValue } from "../../guardian/subject";
import type { FieldShape, TypeShape } from "../../guardian/subject-shape";
import { validateSubject } from "../../guardian/validate-subject";
import type { FieldRule, MrvSettings } from "../settings";
import { filledValue } from "./filled-value";
import type { RecordFacts } from "./record-facts";
import { signedConfig } from "./signed-config";

/** The policy's side: a device's config, and the JSON schema of its subject where there is one. */
export interface SubjectDevice {
  config: MrvConfig;
  subjectSchema: JsonObject | null;
}

/**
 * The credential subject of a record by the job's field map, valid by the device's JSON schema where there is one. Pure: the same record gives the
 * same subject. Throws InvalidInput with a sentence at every field (dotted path) that is unknown, missing or does not fit.
 */
export function subjectOfRecord(facts: RecordFacts, settings: MrvSettings, device: SubjectDevice): Subject {
  const subject = builtSubject(facts, settings, device);
  if (!device.subjectSchema) return subject;
  const faults: FieldErrors = {};
  for (const { path, message } of validateSubject(subject, device.subjectSchema)) faults[path] ??= message;
  throwFaults(faults);
  return subject;
}

/** Without the validation against the schema. */
export function builtSubject(facts: RecordFacts, settings: MrvSettings, device: SubjectDevice): Subject {
  const config = signedConfig(device.config, settings);
  const shape = subjectShapeOf(config, device.subjectSchema);
  const faults: FieldErrors = {};
  const given: Record<string, GivenValue> = {};
  const exact: [path: string, value: string | number | boolean][] = [];
  for (const [path, rule] of Object.entries(settings.MRV_FIELD_MAP)) {
    const { field, isRequired } = fieldAt(shape, path);
    const filled = filledValue(rule, { ...facts, deviceDid: config.did }, field ?? { kind: "text" });
    if ("fault" in filled) faults[path] = filled.fault;
    // Without a schema nobody knows what is optional: whoever maps a field wants it.
    else if ("absent" in filled) {
      if (isRequired || !device.subjectSchema) faults[path] = filled.absent;
    } else {
      given[path] = typeof filled.value === "number" && field?.kind !== "any" ? numberText(filled.value) : filled.value;
      if (isExact(rule, filled.value)) exact.push([path, filled.value]);
    }
  }
  let subject: Subject;
  try {
    subject = buildSubject(config, given, device.subjectSchema);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw asInvalid({ ...error.fields, ...faults });
  }
  throwFaults(faults);
  for (const [path, value] of exact) put(subject, path.split("."), value);
  return subject;
}

/** What a rule asks for goes in as it is: a schema may say otherwise, and then the validation says so. */
function isExact(rule: FieldRule, value: string | number | boolean): boolean {
  return rule.as !== undefined || typeof value === "number";
}

function put(place: SubjectValue, [name, ...below]: string[], value: string | number | boolean): void {
  const object = Array.isArray(place) ? place[0] : place;
  if (name === undefined || !isObject(object)) return;
  const inner = object[name];
  if (below.length > 0) put(inner as SubjectValue, below, value);
  else object[name] = Array.isArray(inner) ? [value] : value;
}

export function fieldAt(shape: TypeShape, path: string): { field: FieldShape | undefined; isRequired: boolean } {
  let type: TypeShape | undefined = shape;
  let field: FieldShape | undefined;
  let isRequired = true;
  for (const name of path.split(".")) {
    field = type?.fields.get(name);
    isRequired &&= type?.required.has(name) ?? false;
    type = field?.object;
  }
  return { field, isRequired };
}

function throwFaults(faults: FieldErrors): void {
  if (Object.keys(faults).length > 0) throw asInvalid(faults);
}

function asInvalid(faults: FieldErrors): InvalidInput {
  const sentences = Object.entries(faults).map(([path, sentence]) =>
    sentence.includes(path) ? sentence : `${path}: ${sentence}`,
  );
  return new InvalidInput(sentences.join(" "), faults);
}
