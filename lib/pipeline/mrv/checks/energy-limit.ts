import { boundKw, capacityFactor } from "./capacity";
import { notApplicable, passedIf, type RecordCheck } from "./check";
import { amount, counted, decimal } from "./words";

export const energyLimit: RecordCheck = {
  name: "energy-limit",
  label: "Most energy",
  isBlocking: false,
  run(input) {
    const { value, settings, evidence, from, to } = input;
    const hours = (to - from) / 3600;
    const capacityKw = boundKw(input);
    const set = evidence.figures.unit === "kWh" ? settings.MRV_MAX_KWH : undefined;
    const limit = set ?? (capacityKw === null ? undefined : capacityKw * hours * capacityFactor(input));
    const figure = value === null ? null : amount(input, value);
    if (limit === undefined) return notApplicable("Neither a most energy nor a capacity bounds this figure.", figure);
    const reason =
      set !== undefined
        ? "As the job's settings have it."
        : `${decimal(capacityKw ?? 0)} kW × ${counted(hours)} h × ${capacityFactor(input)}.`;
    return {
      result: passedIf(Math.abs(value ?? 0) <= limit),
      figure,
      threshold: `at most ${amount(input, limit)}`,
      sentence: reason,
    };
  },
};
