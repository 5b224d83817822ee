import type { Stream } from "./file-streams";
import type { GreenButtonSettings } from "./settings";

/** Where a stream's energy goes. `taken`: counted positive; `sent`: negative; `net` has its own sign. Reactive likewise. */
export type Direction = "taken" | "sent" | "net";

export interface Kind {
  isReactive: boolean;
  direction: Direction;
  /** A written value times ten to this power is kWh or kvarh. */
  exponent: number;
  /** -1 for a net that counts what was received as positive. */
  sign: 1 | -1;
}

const ELECTRICITY = new Set(["", "0", "1", "2", "26"]);
/** Energy of the interval itself; 0 is "not applicable". */
const DELTAS = new Set(["", "0", "4"]);
const UNIT_NAMES = new Map([
  ["5", "A"],
  ["6", "K"],
  ["23", "°C"],
  ["29", "V"],
  ["31", "J"],
  ["38", "W"],
  ["42", "m³"],
  ["61", "VA"],
  ["63", "var"],
  ["65", "power factor"],
  ["71", "VAh"],
  ["119", "ft³"],
  ["128", "US gallon"],
  ["132", "Btu"],
  ["169", "therm"],
]);
const COMMODITY_NAMES = new Map([
  ["7", "natural gas"],
  ["8", "propane"],
  ["9", "water"],
  ["10", "steam"],
  ["11", "waste water"],
  ["12", "heating fluid"],
  ["13", "cooling fluid"],
  ["14", "water"],
]);
const SERVICE_NAMES = new Map([
  ["1", "gas"],
  ["2", "water"],
  ["4", "heat"],
]);
const ACCUMULATION_NAMES = new Map([
  ["1", "readings of a register"],
  ["2", "running totals"],
  ["3", "running totals"],
  ["6", "power"],
  ["9", "running totals"],
  ["12", "power"],
]);
/** From Wh and varh. */
const TO_KILO = -3;

/** What a stream measures; a reason where it is no energy that is kept; undefined where the settings leave it out. */
export function kindOf(
  { type, service }: Stream,
  settings: GreenButtonSettings,
): Kind | { reason: string } | undefined {
  if (type === "several") return { reason: "Several different reading types share its link: nobody knows its unit." };
  const isElectric = service === "" || service === "0";
  if (!isElectric && (!type || type.commodity === "" || type.commodity === "0")) {
    return { reason: `Its usage point supplies ${namedCode(service, SERVICE_NAMES)}, not electricity.` };
  }
  if (!type) {
    if (settings.unitWithoutType === undefined) {
      return {
        reason:
          "The file has no reading type for it, so its unit is unknown. The meter's setting “Unit without a reading type” can tell it.",
      };
    }
    return kind(false, "delivered", settings.unitWithoutType === "Wh" ? TO_KILO : 0, settings);
  }
  const { commodity, accumulationBehaviour, uom, powerOfTenMultiplier, flowDirection } = type;
  if (!ELECTRICITY.has(commodity))
    return { reason: `Its commodity is ${namedCode(commodity, COMMODITY_NAMES)}, not electricity.` };
  if (uom !== "72" && uom !== "73") {
    return {
      reason:
        uom === ""
          ? "Its reading type names no unit, so nobody knows what its values are. Ask the utility for a file that has it."
          : `Its unit is ${namedCode(uom, UNIT_NAMES)}; energy in Wh (72) and varh (73) is kept.`,
    };
  }
  if (!DELTAS.has(accumulationBehaviour)) {
    const name = ACCUMULATION_NAMES.get(accumulationBehaviour) ?? "no energy of an interval";
    const what = `Its values are ${name} (accumulation behaviour ${code(accumulationBehaviour)})`;
    return { reason: `${what}. Energy of intervals (delta data, 4) is kept: ask the utility for that.` };
  }
  if (!/^([+-]?\d{1,2})?$/.test(powerOfTenMultiplier)) {
    return { reason: `Its power of ten multiplier is ${code(powerOfTenMultiplier)}, no whole number.` };
  }
  const flow = FLOWS.get(flowDirection);
  if (!flow) {
    return {
      reason: `Its flow direction is ${code(flowDirection)}; delivered (1), received (19) and net (4) are kept.`,
    };
  }
  return kind(uom === "73", flow, Number(powerOfTenMultiplier) + TO_KILO, settings);
}

type Flow = "delivered" | "received" | "net";

/** Files of meters with one direction often leave it out. */
const FLOWS = new Map<string, Flow>([
  ["", "delivered"],
  ["0", "delivered"],
  ["1", "delivered"],
  ["19", "received"],
  ["4", "net"],
]);

function kind(
  isReactive: boolean,
  flow: Flow,
  exponent: number,
  { flows, invert }: GreenButtonSettings,
): Kind | undefined {
  if (flows !== "both" && flows !== flow) return undefined;
  const isTaken = (flow === "delivered") !== invert;
  if (flow === "net") return { isReactive, direction: "net", exponent, sign: invert ? -1 : 1 };
  return { isReactive, direction: isTaken ? "taken" : "sent", exponent, sign: 1 };
}

function namedCode(text: string, names: ReadonlyMap<string, string>): string {
  const name = names.get(text);
  return name ? `${name} (${text})` : code(text);
}

function code(text: string): string {
  return text.slice(0, 20);
}
