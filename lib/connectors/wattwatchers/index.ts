import type { Connector } from "../contract";
import { fetchLongEnergy } from "./fetch";
import { parseLongEnergy } from "./parse";
import { readRateLimits, startingLimits } from "./rate-limits";
import { type WattwatchersSettings, wattwatchersKey, wattwatchersSettings } from "./settings";
import { testConnection } from "./test-connection";

/** Wattwatchers devices through API v3, or the same JSON in a bucket. Long energy, five minutes. */
export const wattwatchers: Connector<WattwatchersSettings, string> = {
  type: "WattWatchers",
  label: "Wattwatchers",
  sourceTypes: ["API", "S3"],
  dataSourceField: {
    label: "Device id",
    help: "The id of the device as in the vendor's fleet list, such as D123456789012.",
    placeholder: "D123456789012",
  },
  settingsSchema: wattwatchersSettings,
  credentialsSchema: wattwatchersKey,
  metrics: [
    "eRealKwh",
    "eRealPositiveKwh",
    "eRealNegativeKwh",
    "eReactiveKvarh",
    "vRmsMin",
    "vRmsMax",
    "iRmsMin",
    "iRmsMax",
  ],
  resolution: "PT5M",
  defaultTaskInterval: "P1D",
  maxRange: "P7D",
  // A device sends an interval within a minute or two of its end; ten minutes spare most tasks an empty first call.
  availabilityLag: "PT10M",
  // Devices buffer while they are offline and back-fill afterwards; outages of weeks occur.
  restatementWindow: "P28D",
  baseUrl: { env: "WATTWATCHERS_BASE_URL", fallback: "https://api-v3.wattwatchers.com.au" },
  quota: () => startingLimits,
  readQuota: readRateLimits,
  test: testConnection,
  fetch: fetchLongEnergy,
  parse: parseLongEnergy,
};
