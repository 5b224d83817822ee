import { z } from "zod";
import type { Connector } from "../contract";
import { fetchReadings } from "./fetch";
import { parseReadings } from "./parse";
import { type TemplateSettings, templateSettings } from "./settings";
import { testConnection } from "./test-connection";

/** A meter type to copy: see the README. Not in the registry. */
export const template: Connector<TemplateSettings, string> = {
  type: "Template",
  label: "Template",
  sourceTypes: ["API"],
  dataSourceField: { label: "Site id", help: "Where a person finds the id in the vendor's portal." },
  settingsSchema: templateSettings,
  credentialsSchema: z.string().trim().min(8).meta({ title: "API key", description: "Where a person gets the key." }),
  metrics: ["eRealKwh"],
  resolution: "PT30M",
  defaultTaskInterval: "P1D",
  maxRange: "P7D",
  // Say why: how long after an interval the vendor has it.
  availabilityLag: "PT10M",
  // Say why: how long the vendor completes or corrects data.
  restatementWindow: "P7D",
  baseUrl: { env: "TEMPLATE_BASE_URL", fallback: "https://api.vendor.example" },
  quota: () => [{ window: "day", limit: 100 }],
  test: testConnection,
  fetch: fetchReadings,
  parse: parseReadings,
};
