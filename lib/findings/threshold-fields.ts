import { z } from "zod";
import { thresholdsSchema } from "./thresholds";

/** One threshold as its form shows it. */
export interface ThresholdField {
  name: string;
  title: string;
  description: string;
  /** Null for a choice. */
  unit: string | null;
  fallback: string;
  /** What it is chosen from; null for a number. */
  options: string[] | null;
}

interface JsonProperty {
  title?: string;
  description?: string;
  unit?: string;
  default?: unknown;
  enum?: string[];
}

/** Every threshold, made from their schema. */
export function thresholdFields(): ThresholdField[] {
  const json = z.toJSONSchema(thresholdsSchema, { io: "input" }) as { properties?: Record<string, JsonProperty> };
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    title: property.title ?? name,
    description: property.description ?? "",
    unit: property.unit ?? null,
    fallback: String(property.default),
    options: property.enum ?? null,
  }));
}
