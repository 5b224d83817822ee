import { notApplicable, passedIf, type RecordCheck } from "./check";
import { decimal, when } from "./words";

export const balance: RecordCheck = {
  name: "balance",
  label: "Positive − negative = net",
  isBlocking: false,
  run({ readings, meter, timezone }) {
    let worst: { kwh: number; startAt: number } | undefined;
    for (const { energyKwh, positiveKwh, negativeKwh, startAt } of readings) {
      if (energyKwh === null || positiveKwh === null || negativeKwh === null) continue;
      const kwh = Math.abs(positiveKwh - negativeKwh - energyKwh);
      if (!worst || kwh > worst.kwh) worst = { kwh, startAt };
    }
    if (!worst) return notApplicable("No reading has all three of energy, energy taken and energy sent.");
    const most = meter.thresholds.balanceKwh;
    // Nine decimals are kept: what lies below is the binary dust of the subtraction.
    const kwh = Number(worst.kwh.toFixed(9));
    return {
      result: passedIf(kwh <= most),
      figure: `${decimal(kwh)} kWh`,
      threshold: `at most ${decimal(most)} kWh`,
      sentence:
        kwh === 0 ? "In every reading." : `Largest difference of one reading, ${when(worst.startAt, timezone)}.`,
    };
  },
};
