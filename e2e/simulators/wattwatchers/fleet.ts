import { shareOf } from "../faults";

/** What a channel measures; decides its curve. */
export type ChannelKind = "grid" | "solar" | "hotWater" | "airConditioning" | "circuits" | "phase";

export interface SimulatedChannel {
  label: string;
  kind: ChannelKind;
  categoryId: number;
  ctRating: number;
}

export interface SimulatedDevice {
  id: string;
  label: string;
  model: string;
  timezone: string;
  latitude: number;
  longitude: number;
  phases: 1 | 3;
  channels: SimulatedChannel[];
  /** Peak of the panels, kW; 0 without panels. */
  solarKw: number;
  /** Size of the load against a usual household. */
  loadFactor: number;
  isBusiness: boolean;
  /** Unix seconds of the first interval's start; null: the device never had data. */
  firstStart: number | null;
  /** Seconds from an interval's end until the vendor has it. */
  delaySeconds: number;
}

export interface Account {
  key: string;
  deviceIds: string[];
}

export interface Fleet {
  accounts: Account[];
  devices: Map<string, SimulatedDevice>;
  /** Known to the vendor but switched off: 401. */
  disabledKey: string;
}

const SITES = [
  { town: "Parramatta", timezone: "Australia/Sydney", latitude: -33.8, longitude: 151.0 },
  { town: "Ballarat", timezone: "Australia/Melbourne", latitude: -37.6, longitude: 143.9 },
  { town: "Toowoomba", timezone: "Australia/Brisbane", latitude: -27.6, longitude: 151.9 },
  { town: "Gawler", timezone: "Australia/Adelaide", latitude: -34.6, longitude: 138.7 },
  { town: "Fremantle", timezone: "Australia/Perth", latitude: -32.1, longitude: 115.7 },
  { town: "Launceston", timezone: "Australia/Hobart", latitude: -41.4, longitude: 147.1 },
] as const;

const HOME: SimulatedChannel[] = [
  { label: "Grid", kind: "grid", categoryId: 9, ctRating: 120 },
  { label: "Solar", kind: "solar", categoryId: 11, ctRating: 60 },
  { label: "Hot water", kind: "hotWater", categoryId: 14, ctRating: 60 },
  { label: "Air conditioning", kind: "airConditioning", categoryId: 1, ctRating: 60 },
  { label: "Lights", kind: "circuits", categoryId: 17, ctRating: 60 },
  { label: "Power points", kind: "circuits", categoryId: 21, ctRating: 60 },
];
const BUSINESS: SimulatedChannel[] = ["A", "B", "C"].map((phase) => ({
  label: `Main switchboard ${phase}`,
  kind: "phase",
  categoryId: 9,
  ctRating: 400,
}));
const PANELS: SimulatedChannel[] = ["A", "B", "C"].map((phase) => ({
  label: `Inverter ${phase}`,
  kind: "solar",
  categoryId: 11,
  ctRating: 200,
}));

const FIRST_DAY = Date.UTC(2023, 0, 1) / 1000;
const DEVICES_PER_ACCOUNT = 100;

/**
 * The fleet of a seed: `deviceCount` devices with data, shared out among at least two keys, and one device of the first
 * key that never had data (`D400000000000`). The first devices stay the same when the count grows.
 */
export function createFleet(seed: number, deviceCount: number): Fleet {
  const devices = Array.from({ length: deviceCount }, (_, index) => deviceAt(seed, index));
  const accountCount = Math.max(2, Math.ceil(deviceCount / DEVICES_PER_ACCOUNT));
  const accounts = Array.from(
    { length: accountCount },
    (_, index): Account => ({ key: keyOf(seed, `account ${index}`), deviceIds: [] }),
  );
  for (const [index, device] of devices.entries()) accounts[index % accountCount]?.deviceIds.push(device.id);
  const silent: SimulatedDevice = {
    ...deviceAt(seed, 0),
    id: "D400000000000",
    label: "Not yet connected",
    firstStart: null,
  };
  accounts[0]?.deviceIds.push(silent.id);
  return {
    accounts,
    devices: new Map([...devices, silent].map((device) => [device.id, device])),
    disabledKey: keyOf(seed, "disabled"),
  };
}

function deviceAt(seed: number, index: number): SimulatedDevice {
  const share = (what: string) => shareOf(seed, `device ${index} ${what}`);
  const site = SITES[index % SITES.length] ?? SITES[0];
  // Of every five: three homes with panels, a business without, a plant of panels only.
  const kind = (["home", "home", "business", "home", "plant"] as const)[index % 5] ?? "home";
  const channels = { home: HOME, business: BUSINESS, plant: PANELS }[kind];
  const name = { home: "Home", business: "Workshop", plant: "Solar plant" }[kind];
  return {
    id: `D${String(1_000_000_000 + index * 7919).padStart(12, "1")}`,
    label: `${name} ${site.town} ${index + 1}`,
    model: kind === "home" ? "6M+One" : "6M+3FLEX",
    timezone: site.timezone,
    latitude: site.latitude,
    longitude: site.longitude,
    phases: kind === "home" ? 1 : 3,
    channels,
    solarKw: {
      home: 4 + Math.round(share("solar") * 60) / 10,
      business: 0,
      plant: 30 + Math.round(share("solar") * 70),
    }[kind],
    loadFactor: (kind === "business" ? 8 : 0.8) + share("load") * (kind === "business" ? 6 : 0.6),
    isBusiness: kind === "business",
    firstStart: FIRST_DAY + Math.floor(share("first") * 90) * 86_400,
    delaySeconds: 40 + Math.floor(share("delay") * 40),
  };
}

function keyOf(seed: number, name: string): string {
  const digits = [0, 1, 2, 3].map((part) =>
    Math.floor(shareOf(seed, `key ${name} ${part}`) * 0x1_0000_0000)
      .toString(16)
      .padStart(8, "0"),
  );
  return `key_${digits.join("")}`;
}
