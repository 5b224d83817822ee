import type { JsonObject } from "./json-object";
import { isObject } from "./json-object";

/** What a value becomes. `any` is left as it is: only the schema's validation judges it. */
export type ValueKind = "text" | "number" | "integer" | "boolean" | "object" | "any";

export interface FieldShape {
  kind: ValueKind;
  isArray: boolean;
  /** JSON Schema's `date`, `date-time` and others. */
  format?: string;
  title?: string;
  /** The values that the schema allows, where it names them. */
  choices?: unknown[];
  /** Of an object: its own type and fields. */
  object?: TypeShape;
}

export interface TypeShape {
  type: string;
  fields: Map<string, FieldShape>;
  /** Fields that the schema wants; empty where only the context is known. */
  required: ReadonlySet<string>;
}

/** Members of every subject that are not fields of its schema. */
const FRAME = new Set(["@context", "type", "id"]);

/** Reads a Guardian JSON schema; `$defs` holds the types of nested objects, referred to by `$id`. */
export function shapeOfSchema(schema: JsonObject, type: string): TypeShape {
  const definitions = isObject(schema.$defs) ? schema.$defs : {};
  return readType(schema, type, []);

  function readType(document: JsonObject, name: string, above: readonly string[]): TypeShape {
    const properties = isObject(document.properties) ? document.properties : {};
    const fields = Object.entries(properties).flatMap(([field, property]) =>
      FRAME.has(field) || !isObject(property) ? [] : [[field, readField(property, [...above, name])] as const],
    );
    const required = Array.isArray(document.required) ? document.required : [];
    return { type: name, fields: new Map(fields), required: new Set(required.map(String)) };
  }

  function readField(property: JsonObject, above: readonly string[]): FieldShape {
    const title = typeof property.title === "string" ? { title: property.title } : {};
    if (property.type === "array") {
      const items = isObject(property.items) ? property.items : {};
      return { ...readField(items, above), ...title, isArray: true };
    }
    const format = typeof property.format === "string" ? { format: property.format } : {};
    const nested = typeof property.$ref === "string" ? definitions[property.$ref] : undefined;
    const name = typeof property.$ref === "string" ? property.$ref.replace(/^#/, "") : "";
    // A type inside itself is written by the policy's author by mistake: there is no end to it.
    if (isObject(nested) && !above.includes(name)) {
      return { kind: "object", isArray: false, ...title, object: readType(nested, name, above) };
    }
    const choices = Array.isArray(property.enum) ? { choices: property.enum } : {};
    return { kind: kindOfJsonType(property.type), isArray: false, ...title, ...format, ...choices };
  }
}

function kindOfJsonType(type: unknown): ValueKind {
  if (type === "string") return "text";
  return type === "number" || type === "integer" || type === "boolean" ? type : "any";
}

/**
 * Reads the JSON-LD context where there is no JSON schema. It tells the fields and nested types; of values it tells little: contexts of Guardian
 * map every field to schema.org's text, whatever its type, and Guardian's own sender then writes text.
 */
export function shapeOfContext(document: JsonObject, type: string): TypeShape {
  const root = isObject(document["@context"]) ? document["@context"] : {};
  return readType(type, []);

  function readType(name: string, above: readonly string[]): TypeShape {
    const definition = root[name];
    const terms = isObject(definition) && isObject(definition["@context"]) ? definition["@context"] : {};
    const fields = Object.entries(terms).flatMap(([field, term]) =>
      field.startsWith("@") || FRAME.has(field) ? [] : [[field, readField(term, [...above, name])] as const],
    );
    return { type: name, fields: new Map(fields), required: new Set() };
  }

  function readField(term: unknown, above: readonly string[]): FieldShape {
    const { "@id": id, "@type": valueType, "@container": container } = isObject(term) ? term : { "@id": term };
    const isArray = container === "@list" || container === "@set";
    const nested = nestedTypeOf(id) ?? nestedTypeOf(valueType);
    if (nested && !above.includes(nested)) return { kind: "object", isArray, object: readType(nested, above) };
    return { kind: kindOfIri(valueType ?? id), isArray };
  }

  /** The term that a nested type has in this context: a field of it is named by the same address, or its fragment. */
  function nestedTypeOf(iri: unknown): string | undefined {
    if (typeof iri !== "string") return undefined;
    const fragment = iri.slice(iri.lastIndexOf("#") + 1);
    const definition = root[fragment];
    return isObject(definition) && isObject(definition["@context"]) ? fragment : undefined;
  }
}

function kindOfIri(iri: unknown): ValueKind {
  const name = typeof iri === "string" ? (/[/#:]([A-Za-z]+)$/.exec(iri)?.[1] ?? "").toLowerCase() : "";
  if (["integer", "int", "long", "nonnegativeinteger"].includes(name)) return "integer";
  if (["number", "decimal", "double", "float"].includes(name)) return "number";
  return name === "boolean" ? "boolean" : "text";
}
