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
  ["29", "V"],
  ["31", "J"],
  ["38", "W"],
  ["42", "m³"],
  ["61", "VA"],
  ["63", "var"],
  ["65", "power factor"],
  ["71", "VAh"],
  ["119", "ft³"],
  ["132", "Btu"],
  ["169", "therm"],
]);
/** From Wh and varh. */
const TO_KILO = -3;

/** What a stream measures; a reason where it is no energy that is kept; undefined where the settings leave it out. */
export function kindOf({ type }: Stream, settings: GreenButtonSettings): Kind | { reason: string } | undefined {
  if (type === "several") return { reason: "Several different reading types share its link: nobody knows its unit." };
  if (!type) {
    if (settings.unitWithoutType === undefined) {
      return {
        reason: "The file has no reading type for it, so its unit is unknown. The setting unitWithoutType can tell it.",
      };
    }
    return kind(false, "delivered", settings.unitWithoutType === "Wh" ? TO_KILO : 0, settings);
  }
  const { commodity, accumulationBehaviour, uom, powerOfTenMultiplier, flowDirection } = type;
  if (!ELECTRICITY.has(commodity)) return { reason: `Its commodity is ${code(commodity)}, not electricity.` };
  if (uom !== "72" && uom !== "73") {
    const known = UNIT_NAMES.get(uom);
    const name = known ? `${known} (${uom})` : code(uom);
    return {
      reason:
        uom === ""
          ? "Its reading type names no unit."
          : `Its unit is ${name}; energy in Wh (72) and varh (73) is kept.`,
    };
  }
  if (!DELTAS.has(accumulationBehaviour)) {
    return {
      reason: `Its values are no energy of an interval (accumulation behaviour ${code(accumulationBehaviour)}; delta data, 4, is kept).`,
    };
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

function code(text: string): string {
  return text.slice(0, 20);
}
