import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { canonicalJson } from "../audit/chain";
import { sha256Hex } from "../secrets";
import { isObject, type JsonObject } from "./json-object";
import { sentenceOf } from "./subject-sentences";
import { type FieldShape, shapeOfContext, shapeOfSchema, type TypeShape } from "./subject-shape";

export interface SubjectFault {
  /** Dotted: `location.latitude`; empty for the subject itself. */
  path: string;
  /** The field's title in the schema, where it has one. */
  title?: string;
  message: string;
}

/** Compiling takes some 20 ms, and every record of a device has the same schema. */
const compiled = new Map<string, ValidateFunction>();
const MOST_COMPILED = 50;

/** Validates as Guardian does before it looks at a signature. Every fault is a sentence with the field's title; none means valid. */
export function validateSubject(subject: JsonObject, schema: JsonObject): SubjectFault[] {
  const validate = compile(schema);
  const shape = shapeOfSchema(schema, typeof subject.type === "string" ? subject.type : "");
  if (validate(subject)) return [];
  return (validate.errors ?? []).filter(isCause).map((error) => faultOf(error, shape));
}

/**
 * What is wrong with a schema that was uploaded for a config: it cannot be compiled, is of another type, or has other fields than the
 * context that is signed with. Sentences; none means usable.
 */
export function checkSubjectSchema(schema: JsonObject, config: { type: string; context: JsonObject }): string[] {
  const faults: string[] = [];
  try {
    compile(schema);
  } catch (error) {
    faults.push(`This is no JSON schema that can be used: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const id = typeof schema.$id === "string" ? schema.$id.slice(schema.$id.lastIndexOf("#") + 1) : undefined;
  if (id !== undefined && id !== config.type) faults.push("This is the schema of another type than the MRV config's.");
  const inSchema = shapeOfSchema(schema, config.type).fields;
  const inContext = shapeOfContext(config.context, config.type).fields;
  const strange = [...inSchema.keys()].filter((field) => !inContext.has(field));
  if (strange.length > 0) {
    faults.push(
      `The MRV config's context does not know ${strange.join(", ")}: schema and config are of different versions.`,
    );
  }
  return faults;
}

/** Throws what ajv throws for a schema that is none, or that refers to what is not in it: nothing is ever fetched. */
function compile(schema: JsonObject): ValidateFunction {
  const key = sha256Hex(canonicalJson(schema));
  const known = compiled.get(key);
  if (known) return known;
  // Guardian's own settings, so that what it cannot compile is refused here and not there; but every error instead of the first.
  const ajv = new Ajv({ allErrors: true, logger: false });
  formats.default(ajv);
  const validate = ajv.compile(asGuardianCompiles(schema));
  const [oldest] = compiled.keys();
  if (compiled.size >= MOST_COMPILED && oldest !== undefined) compiled.delete(oldest);
  compiled.set(key, validate);
  return validate;
}

/**
 * Guardian's preparation: in nested types what is read-only is not required; an annotation of its editor and conditions without a consequence are
 * taken out.
 */
function asGuardianCompiles(schema: JsonObject): JsonObject {
  const prepared = structuredClone(schema);
  const nested = isObject(prepared.$defs) ? Object.values(prepared.$defs).filter(isObject) : [];
  for (const type of [prepared, ...nested]) {
    const properties = isObject(type.properties) ? type.properties : {};
    for (const property of Object.values(properties)) if (isObject(property)) delete property.templateFieldId;
    if (type !== prepared && Array.isArray(type.required)) {
      type.required = type.required.filter((name: string) => {
        const property = properties[name];
        return !(isObject(property) && property.readOnly);
      });
    }
    if (!Array.isArray(type.allOf)) continue;
    const conditions = type.allOf.filter((each) => !(isObject(each) && each.if && !each.then && !each.else));
    if (conditions.length > 0) type.allOf = conditions;
    else delete type.allOf;
  }
  return prepared;
}

/** `oneOf` and `if` only sum up errors that stand beside them. */
function isCause({ keyword }: ErrorObject): boolean {
  return keyword !== "if";
}

function faultOf(error: ErrorObject, shape: TypeShape): SubjectFault {
  const params: JsonObject = error.params;
  const member = error.keyword === "required" ? params.missingProperty : params.additionalProperty;
  const names = error.instancePath.split("/").slice(1).map(unescapePointer);
  if (typeof member === "string") names.push(member);
  const title = fieldAt(shape, names)?.title;
  return { path: names.join("."), ...(title && { title }), message: sentenceOf(error, names, title) };
}

function fieldAt(shape: TypeShape, names: string[]): FieldShape | undefined {
  let fields: TypeShape["fields"] | undefined = shape.fields;
  let field: FieldShape | undefined;
  for (const name of names) {
    if (/^\d+$/.test(name) && field?.isArray) continue;
    field = fields?.get(name);
    fields = field?.object?.fields;
  }
  return field;
}

function unescapePointer(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
