import { createDevice, type SimulatedDevice } from "../../e2e/simulators/guardian/devices";
import { createPolicies, type SimulatedPolicy } from "../../e2e/simulators/guardian/policies";
import type { DemoMrvSite } from "../../lib/seeds/demo-mrv";
import type { DemoReview } from "../../lib/seeds/review-demo";
import { DEMO_FLEET, RESTATED_METER } from "./demo-sites";

/** Of the first record of this device nobody knows whether it arrived: the connection is cut after it has. */
export const CUT_DEVICE = "Marrickville inverter";
/** Its utility replaces readings after its first records were submitted. */
export const RESTATED_DEVICE = "Wollongong revenue meter";

const GAPPY_METER = "Freiburg Tram Depot, CSV with gaps";

const policies = createPolicies(DEMO_FLEET.seed);
/** Of the route to one block of a policy, which no other device of the demo uses. */
export const CUT_PATH = `/external/${policies[0]?.policyId}/`;

/** What the demo's reviewer decides in the first minutes. */
export const demoReviews: DemoReview[] = [
  { deviceName: "Parramatta inverter", approve: 3, reject: 1 },
  { deviceName: "Ballarat inverter", approve: 4 },
  { deviceName: "Fremantle plant meter", approve: 1 },
  { deviceName: RESTATED_DEVICE, approve: 6 },
  { deviceName: CUT_DEVICE, approve: 1 },
];

type Fields = DemoMrvSite["settings"]["MRV_FIELD_MAP"];

const textFields: Fields = {
  field0: { from: "periodStart", as: "date" },
  field1: { from: "metric", decimals: 3 },
  field2: { from: "periodSeconds" },
};

const typedFields = (site: string, latitude: number, longitude: number): Fields => ({
  readingId: { from: "recordId" },
  readingDate: { from: "periodStart", as: "date" },
  startedAt: { from: "periodStart" },
  endedAt: { from: "periodEnd" },
  durationSeconds: { from: "periodSeconds" },
  energy: { from: "metric", decimals: 3 },
  unit: { from: "metricUnit" },
  emissions: { from: "carbonTons", decimals: 6 },
  isMetered: { from: "constant", value: true },
  "site.name": { from: "constant", value: site },
  "site.latitude": { from: "constant", value: latitude },
  "site.longitude": { from: "constant", value: longitude },
});

/** Devices of the simulated Guardian's two policies, each for one meter, so that records come to every status. */
export function demoMrvSites(guardianPort: number): DemoMrvSite[] {
  const [text, typed] = policies;
  if (!text || !typed) throw new Error("The simulated Guardian has no policies.");
  const guardianUrl = `http://127.0.0.1:${guardianPort}/api/v1`;
  const usual = { guardianUrl, historyDays: 7 };
  const generation = { MRV_METRIC: "eRealPositiveKwh", MRV_MAX_GAP_MINUTES: 30 } as const;
  return [
    {
      ...usual,
      ...enrolled(text, 1),
      meterName: "Parramatta Library rooftop",
      deviceName: "Parramatta inverter",
      settings: { ...generation, MRV_FIELD_MAP: textFields },
    },
    {
      ...usual,
      ...enrolled(typed, 1),
      meterName: "Ballarat Community Hall rooftop",
      deviceName: "Ballarat inverter",
      settings: { ...generation, MRV_FIELD_MAP: typedFields("Ballarat Community Hall", -37.56, 143.86) },
    },
    {
      ...usual,
      ...enrolled(text, 2),
      meterName: "Gawler Primary School rooftop",
      deviceName: "Gawler inverter",
      settings: { ...generation, MRV_APPROVAL: "auto", MRV_FIELD_MAP: textFields },
    },
    {
      ...usual,
      ...enrolled(typed, 2),
      // As if somebody had mistyped it: Guardian answers 404.
      guardianUrl: `http://127.0.0.1:${guardianPort}/guardian/api/v1`,
      meterName: "Fremantle Wharf solar plant",
      deviceName: "Fremantle plant meter",
      settings: { ...generation, MRV_FIELD_MAP: typedFields("Fremantle Wharf", -32.06, 115.74) },
    },
    {
      ...usual,
      ...enrolled(text, 3),
      meterName: GAPPY_METER,
      deviceName: "Freiburg logger",
      settings: { MRV_METRIC: "eRealPositiveKwh", MRV_MIN_COVERAGE: 0.95, MRV_FIELD_MAP: textFields },
    },
    {
      ...usual,
      ...enrolled(typed, 3),
      meterName: RESTATED_METER,
      deviceName: RESTATED_DEVICE,
      historyDays: 10,
      settings: {
        MRV_METRIC: "eRealPositiveKwh",
        MRV_ALLOW_ESTIMATED: true,
        MRV_ALLOW_CORRECTIONS: true,
        MRV_FIELD_MAP: typedFields("Wollongong Depot", -34.42, 150.89),
      },
    },
    {
      ...usual,
      ...enrolled(text, 4),
      historyDays: 3,
      meterName: "Marrickville Depot rooftop",
      deviceName: CUT_DEVICE,
      settings: { ...generation, MRV_BLOCK_TAG: text.blockTag, MRV_FIELD_MAP: textFields },
    },
  ];
}

function enrolled(policy: SimulatedPolicy, number: number) {
  const device: SimulatedDevice = createDevice(policy, {
    seed: DEMO_FLEET.seed,
    name: `${policy.policyTag} ${number}`,
  });
  return { mrvConfig: device.config, schema: policy.schema };
}
