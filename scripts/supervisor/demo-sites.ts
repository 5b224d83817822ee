import { simulatorAccount } from "../../e2e/simulators/s3/simulator";
import { createSites } from "../../e2e/simulators/solcast/sites";
import { type FileSite, fileSites } from "../../e2e/simulators/utility/sites";
import { createFleet } from "../../e2e/simulators/wattwatchers/fleet";
import type { DemoFileSite } from "../../lib/seeds/demo-files";
import type { DemoSite } from "../../lib/seeds/demo-fleet";
import type { DemoSolcastSite } from "../../lib/seeds/demo-solcast";

/** The simulator of the demo is started with these, so that its devices and keys are the ones planted. */
export const DEMO_FLEET = { seed: 1, devices: 12 };

/** In the order of the simulator's devices, whose zones repeat every six and whose kinds every five. */
const sites: Pick<DemoSite, "name" | "region" | "interval">[] = [
  { name: "Parramatta Library rooftop", region: "NSW", interval: "PT1H" },
  { name: "Ballarat Community Hall rooftop", region: "VIC", interval: "PT1H" },
  { name: "Toowoomba Joinery main switchboard", region: "QLD", interval: "PT5M" },
  { name: "Gawler Primary School rooftop", region: "SA", interval: "PT1H" },
  { name: "Fremantle Wharf solar plant", region: "SWIS", interval: "PT1H" },
  { name: "Launceston Medical Centre rooftop", region: "TAS", interval: "PT1H" },
  { name: "Marrickville Depot rooftop", region: "NSW", interval: "P1D" },
  { name: "Geelong Cold Store main switchboard", region: "VIC", interval: "PT1H" },
  { name: "Ipswich Aquatic Centre rooftop", region: "QLD", interval: "PT1H" },
  { name: "Port Augusta solar plant", region: "SA", interval: "PT1H" },
  { name: "Bunbury Surf Club rooftop", region: "SWIS", interval: "P1D" },
  { name: "Hobart Town Hall rooftop", region: "TAS", interval: "PT1H" },
];

export function demoSites(): DemoSite[] {
  const fleet = createFleet(DEMO_FLEET.seed, DEMO_FLEET.devices);
  return sites.map((site, index) => {
    const device = [...fleet.devices.values()][index];
    const account = fleet.accounts.find(({ deviceIds }) => device && deviceIds.includes(device.id));
    if (!device || !account) throw new Error(`The simulator has no device ${index + 1}.`);
    const numbersOf = (kind: string) =>
      device.channels.flatMap((channel, at) => (channel.kind === kind ? [at + 1] : []));
    const generation = numbersOf("solar");
    return {
      ...site,
      deviceId: device.id,
      apiKey: account.key,
      timezone: device.timezone,
      // A business without panels is metered at its switchboard: all channels, no nameplate.
      capacityKw: generation.length > 0 ? device.solarKw : null,
      channels: generation.length > 0 ? generation : device.channels.map((_, at) => at + 1),
    };
  });
}

/** A roof that is only estimated, and a key whose calls of the day are always spent. */
export function demoSolcastSites(): DemoSolcastSite[] {
  const { usual, spent } = createSites(DEMO_FLEET.seed);
  const place = { timezone: "Australia/Sydney", region: "NSW" };
  return [
    { ...place, name: "Penrith Pool rooftop, Solcast estimate", ...enteredOf(usual) },
    { ...place, name: "Mosman Rowing Club rooftop, Solcast quota spent", ...enteredOf(spent) },
  ];
}

function enteredOf({ key, site }: ReturnType<typeof createSites>["usual"]) {
  return { siteId: site.id, apiKey: key, capacityKw: site.capacityKw };
}

export const RESTATED_METER = "Wollongong Depot, NEM12 with restated days";

/** Meters whose utilities put a file a day into a bucket: one restated, one late, one abroad, one with gaps. */
export function demoFileSites(bucket: string, s3Port: number): DemoFileSite[] {
  const { restated, late, abroad, gappy } = fileSites(DEMO_FLEET.seed);
  const credentials = {
    ...simulatorAccount,
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${s3Port}`,
    forcePathStyle: true,
  };
  const entered = ({ prefix, device }: FileSite, ending: string, settings: object) => ({
    bucket,
    credentials,
    timezone: device.timezone,
    settings: { ...settings, s3: { prefix, pattern: `{yyyy}/{MM}/{yyyy}{MM}{dd}*.${ending}` } },
  });
  return [
    {
      name: RESTATED_METER,
      type: "NEM12",
      region: "NSW",
      ...entered(restated, "csv", { nmi: restated.meterId }),
    },
    {
      name: "Tamworth Showground, NEM12 that comes late",
      type: "NEM12",
      region: "NSW",
      ...entered(late, "csv", { nmi: late.meterId }),
    },
    {
      name: "Sacramento Branch Library, Green Button",
      type: "GreenButton",
      region: null,
      ...entered(abroad, "xml", { usagePoint: abroad.meterId }),
    },
    {
      name: "Freiburg Tram Depot, CSV with gaps",
      type: "CSV",
      region: null,
      ...entered(gappy, "csv", {
        delimiter: ";",
        decimalMark: ",",
        stampColumn: "Zeit",
        stampFormat: "DD.MM.YYYY HH:mm",
        stampIs: "end",
        intervalMinutes: 15,
        values: [
          { column: "Bezug kWh", metric: "eRealPositiveKwh", unit: "kWh" },
          { column: "Einspeisung kWh", metric: "eRealNegativeKwh", unit: "kWh" },
        ],
        meterColumn: "Zähler",
        meterId: gappy.meterId,
      }),
    },
  ];
}
