import type { Connector } from "../contract";
import { dailyCalls } from "./daily-calls";
import { expectedAnswers, fetchSolcast } from "./fetch";
import { parseSolcast } from "./parse";
import { type SolcastSettings, solcastKey, solcastSettings } from "./settings";
import { testConnection } from "./test-connection";

/** Solcast rooftop sites through the API, or the same JSON in a bucket: modelled PV output, estimated and forecast. */
export const solcast: Connector<SolcastSettings, string> = {
  type: "Solcast",
  label: "Solcast",
  sourceTypes: ["API", "S3"],
  dataSourceField: {
    label: "Resource id",
    help: "The id of the rooftop site, such as ba75-e17a-7374-95ed. Testing the connection costs one call of the day.",
    placeholder: "ba75-e17a-7374-95ed",
  },
  settingsSchema: solcastSettings,
  credentialsSchema: solcastKey,
  metrics: ["pvEstimateKw", "pvEstimate10Kw", "pvEstimate90Kw", "pvEstimateKwh"],
  resolution: "PT30M",
  // Both lists once a day are two of a free account's ten calls; shorter intervals multiply that.
  defaultTaskInterval: "P1D",
  maxRange: "P7D",
  callsPerRange: ({ include }) => include.length,
  answers: expectedAnswers,
  // Estimates follow their period within the hour.
  availabilityLag: "PT1H",
  // Estimates are improved while the endpoint still has them, and are gone from it after that.
  restatementWindow: "P7D",
  history: "P7D",
  // A new site has no estimates for hours, and every look costs a call.
  dataWait: "PT6H",
  collectsOffTheQuarter: true,
  ahead: ({ include, forecastHours }) =>
    include.includes("forecasts") ? { reach: `PT${forecastHours}H`, isAll: include.length === 1 } : null,
  flow: () => "generation",
  baseUrl: { env: "SOLCAST_BASE_URL", fallback: "https://api.solcast.com.au" },
  quota: dailyCalls,
  dailyCallsSetting: "dailyCalls",
  test: testConnection,
  fetch: fetchSolcast,
  parse: parseSolcast,
};
