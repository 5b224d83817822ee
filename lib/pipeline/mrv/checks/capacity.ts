import type { CheckInput } from "./check";

/** Times the capacity that a period may reach: what the meter's own threshold says of an interval. */
export const capacityFactor = ({ meter }: CheckInput) => meter.thresholds.nameplateFactor;

/** Capacity is a plant's: what a site draws is not bound by it. Null where it bounds nothing here. */
export function boundKw({ meter, evidence }: CheckInput): number | null {
  const { metric } = evidence.figures;
  if (meter.capacityKw === null || metric === "eReactiveKvarh") return null;
  switch (meter.flow) {
    case "load":
      return null;
    case "both":
      return metric === "eRealNegativeKwh" ? meter.capacityKw : null;
    case "feed-in":
      return metric === "eRealPositiveKwh" ? null : meter.capacityKw;
    default:
      return meter.capacityKw;
  }
}
