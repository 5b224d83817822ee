import { sql } from "drizzle-orm";
import { z } from "zod";
import type { DataSourceType } from "../connectors/contract";
import { connectors } from "../connectors/registry";
import type { Db } from "../db/client";
import { s3CredentialsSchema } from "../sources/s3/credentials";
import { s3SettingsSchema } from "../sources/s3/settings";

/** One setting of a meter type, as its form shows it. Lists are typed with commas between, what has parts of its own as JSON. */
export interface SettingField {
  name: string;
  kind: "text" | "number" | "text-list" | "number-list" | "switch" | "choice" | "json";
  /** Of a choice: what there is to choose from, and what an empty one stands for; null: nothing. */
  options: string[];
  whenEmpty: string | null;
  title: string;
  description: string;
  placeholder: string | null;
  isOptional: boolean;
  /** The one source that it is a setting of; null: of all. */
  onlySource: DataSourceType | null;
}

export interface MeterTypeOption {
  type: string;
  label: string;
  sourceTypes: readonly DataSourceType[];
  /** Name and help of `data_source` of an API meter. */
  dataSource: { label: string; help: string; placeholder: string | null };
  credential: { label: string; help: string };
  settings: SettingField[];
}

/** Every meter type with the fields of its form, made from the connector's own schemas. */
export function meterTypeOptions(): MeterTypeOption[] {
  return connectors.map((connector) => {
    const credential = connector.credentialsSchema ? metaOf(connector.credentialsSchema) : {};
    return {
      type: connector.type,
      label: connector.label,
      sourceTypes: [...connector.sourceTypes, "UPLOAD"],
      dataSource: {
        label: connector.dataSourceField?.label ?? "Data source",
        help: connector.dataSourceField?.help ?? "The vendor's id of the device or site.",
        placeholder: connector.dataSourceField?.placeholder ?? null,
      },
      credential: {
        label: credential.title ?? "API key",
        help: credential.description ?? "Kept encrypted and never shown again.",
      },
      settings: settingFields(connector.settingsSchema),
    };
  });
}

/** How a meter's type is named and formed; undefined for a type that is no longer there. */
export function typeOfMeter({ type }: { type: string }): MeterTypeOption | undefined {
  return meterTypeOptions().find((option) => option.type === type);
}

/** Fields of a meter that is read from a bucket: where its objects are, and the credential that may read them. */
export function s3FormOptions(): { settings: SettingField[]; credentials: SettingField[] } {
  return { settings: settingFields(s3SettingsSchema), credentials: settingFields(s3CredentialsSchema) };
}

/** Regions that an emission factor is known for. */
export async function emissionRegions(db: Db): Promise<string[]> {
  const rows = await db.execute<{ region: string }>(sql`
    select distinct region from emission_factors where superseded_at is null order by region`);
  return rows.map(({ region }) => region);
}

interface JsonProperty {
  type?: string;
  title?: string;
  description?: string;
  placeholder?: string;
  onlySource?: DataSourceType;
  items?: { type?: string };
  enum?: string[];
  default?: unknown;
}

/** Fields of a form, made from a schema. */
export function settingFields(schema: z.ZodType): SettingField[] {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as {
    properties?: Record<string, JsonProperty>;
    required?: string[];
  };
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    kind: kindOf(property),
    options: property.enum ?? [],
    whenEmpty: property.enum && typeof property.default === "string" ? property.default : null,
    title: property.title ?? name,
    description: property.description ?? "",
    placeholder: property.placeholder ?? null,
    isOptional: !json.required?.includes(name),
    onlySource: property.onlySource ?? null,
  }));
}

function kindOf({ type, items, enum: words }: JsonProperty): SettingField["kind"] {
  if (words) return "choice";
  if (type === "object" || items?.type === "object") return "json";
  if (type === "array") return items?.type === "string" ? "text-list" : "number-list";
  if (type === "boolean") return "switch";
  return type === "number" || type === "integer" ? "number" : "text";
}

function metaOf(schema: z.ZodType): { title?: string; description?: string } {
  return schema.meta() ?? {};
}
