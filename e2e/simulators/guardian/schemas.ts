import type { PolicyStyle } from "./policies";

interface Names {
  type: string;
  siteType: string;
  contextUrl: string;
}

type Properties = Record<string, Record<string, unknown>>;

const text = (title: string, rest: Record<string, unknown> = {}) => ({
  title,
  type: "string",
  readOnly: false,
  ...rest,
});
const number = (title: string, rest: Record<string, unknown> = {}) => ({
  title,
  type: "number",
  readOnly: false,
  ...rest,
});
const filledIn = (title: string) => ({ title, type: "string", readOnly: true });

const oneOrMore = { oneOf: [{ type: "string" }, { type: "array", items: { type: "string" } }], readOnly: true };
const frame: Properties = { "@context": oneOrMore, type: oneOrMore, id: { type: "string", readOnly: true } };

const textFields: Properties = {
  field0: text("Date"),
  field1: text("Amount"),
  field2: text("Period"),
  accountId: filledIn("accountId"),
  policyId: filledIn("policyId"),
};

const siteFields: Properties = {
  name: text("Site"),
  latitude: number("Latitude", { minimum: -90, maximum: 90 }),
  longitude: number("Longitude", { minimum: -180, maximum: 180 }),
};

function typedFields(siteType: string): Properties {
  return {
    readingId: text("Reading"),
    policyId: filledIn("policyId"),
    ref: filledIn("ref"),
    readingDate: text("Day", { format: "date" }),
    startedAt: text("Start", { format: "date-time" }),
    endedAt: text("End", { format: "date-time" }),
    durationSeconds: { title: "Duration", type: "integer", readOnly: false },
    energy: number("Amount", { minimum: 0 }),
    unit: text("Unit", { enum: ["kWh", "MWh"] }),
    emissions: number("Emissions avoided"),
    isMetered: { title: "Metered", type: "boolean", readOnly: false },
    factorLink: text("Source of the factor", { format: "url" }),
    owner: text("Owner", { pattern: "^\\d+\\.\\d+\\.\\d+$" }),
    site: { title: "Site", $ref: `#${siteType}`, readOnly: false },
  };
}

const OPTIONAL = ["id", "ref", "emissions", "factorLink", "owner"];

/** A subject's JSON schema in Guardian's form: every member is listed, the rest is refused, nested types are in `$defs` by their `$id`. */
export function schemaOf({ type, siteType }: Names, fields: PolicyStyle["fields"]): Record<string, unknown> {
  const document = (name: string, title: string, properties: Properties) => ({
    $id: `#${name}`,
    title,
    type: "object",
    properties: { ...frame, ...properties },
    required: ["@context", "type", ...Object.keys(properties)].filter((field) => !OPTIONAL.includes(field)),
    additionalProperties: false,
  });
  if (fields === "text") return { ...document(type, "MRV", textFields), $defs: {} };
  return {
    ...document(type, "MRV", typedFields(siteType)),
    $defs: { [`#${siteType}`]: document(siteType, "Site", siteFields) },
  };
}

/** The JSON-LD context of the same fields; a field of a nested type is named by that type's address. */
export function contextOf({ type, siteType, contextUrl }: Names, style: PolicyStyle): Record<string, unknown> {
  const termOf = (field: string) => {
    if (style.context === "own-terms") return { "@id": `${contextUrl}#${field}` };
    return { [style.context === "dry-run" ? "@type" : "@id"]: "https://www.schema.org/text" };
  };
  const termsOf = (properties: Properties) =>
    Object.fromEntries(
      Object.entries(properties).map(([field, { $ref }]) => [
        field,
        $ref ? { "@id": `${contextUrl}${$ref}` } : termOf(field),
      ]),
    );
  const definition = (name: string, properties: Properties) => ({
    [name]: {
      "@id": style.context === "dry-run" ? `${contextUrl}#${name}` : `#${name}`,
      "@context": termsOf(properties),
    },
  });
  return {
    "@context": {
      "@version": 1.1,
      "@vocab": style.context === "own-terms" ? `${contextUrl}#` : "https://w3id.org/traceability/#undefinedTerm",
      id: "@id",
      type: "@type",
      ...definition(type, style.fields === "text" ? textFields : typedFields(siteType)),
      ...(style.fields === "typed" ? definition(siteType, siteFields) : {}),
    },
  };
}
