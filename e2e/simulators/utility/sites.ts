import { createFleet, type SimulatedDevice } from "../wattwatchers/fleet";

export type FileKind = "nem12" | "greenButton" | "csv";

/** A connection point whose utility puts a file for each of its days into a bucket. */
export interface FileSite {
  kind: FileKind;
  /** Of the files' names, with a slash at its end. */
  prefix: string;
  /** As the files name the meter: the NMI, the usage point, the logger's number. */
  meterId: string;
  /** The zone of the file's days: standard time all year for NEM12, local time for the others. */
  fileZone: string;
  /** Days from a day's end until its file is there. */
  deliveredAfterDays: number;
  /** Days before the day whose file is replaced once more, after the metered values have come. */
  hasSubstitutes: boolean;
  /** Whether the logger loses hours, and now and then a whole day. */
  hasGaps: boolean;
  device: SimulatedDevice;
}

/** Devices of homes with panels, which no vendor's API knows. */
function homeAt(seed: number, index: number, place: Pick<SimulatedDevice, "timezone" | "latitude" | "longitude">) {
  const homes = [...createFleet(seed, 40).devices.values()].filter((device) => device.channels[0]?.kind === "grid");
  const home = homes.at(-1 - index);
  if (!home) throw new Error(`The fleet has no home ${index}.`);
  return { ...home, ...place };
}

/** They follow from the seed alone. */
export function fileSites(seed: number): Record<"restated" | "late" | "abroad" | "gappy", FileSite> {
  const wollongong = { timezone: "Australia/Sydney", latitude: -34.4, longitude: 150.9 };
  const tamworth = { timezone: "Australia/Sydney", latitude: -31.1, longitude: 150.9 };
  const sacramento = { timezone: "America/Los_Angeles", latitude: 38.6, longitude: -121.5 };
  const freiburg = { timezone: "Europe/Berlin", latitude: 48.0, longitude: 7.8 };
  const usual = { deliveredAfterDays: 0, hasSubstitutes: false, hasGaps: false };
  return {
    restated: {
      ...usual,
      kind: "nem12",
      prefix: "nem12/wollongong/",
      meterId: "4103861275",
      fileZone: "Etc/GMT-10",
      hasSubstitutes: true,
      device: homeAt(seed, 0, wollongong),
    },
    late: {
      ...usual,
      kind: "nem12",
      prefix: "nem12/tamworth/",
      meterId: "4204417730",
      fileZone: "Etc/GMT-10",
      deliveredAfterDays: 6,
      device: homeAt(seed, 1, tamworth),
    },
    abroad: {
      ...usual,
      kind: "greenButton",
      prefix: "green-button/sacramento/",
      meterId: "7716402",
      fileZone: sacramento.timezone,
      device: homeAt(seed, 2, sacramento),
    },
    gappy: {
      ...usual,
      kind: "csv",
      prefix: "csv/freiburg/",
      meterId: "DL-3307",
      fileZone: freiburg.timezone,
      hasGaps: true,
      device: homeAt(seed, 3, freiburg),
    },
  };
}
