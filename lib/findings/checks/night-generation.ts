import { Temporal } from "temporal-polyfill";
import { type Check, type CheckedReading, endOf, inWords, rangeOf } from "../check";

/** The site's latitude is not known, so night is the middle of it by the clock of the meter's zone, dark nearly everywhere. */
export const nightGeneration: Check = {
  name: "night-generation",
  label: "Generation at night",
  meaning: "A solar plant generates in the dark: its stamps are in another zone, or the channel is a load.",
  run({ readings, thresholds, timezone }) {
    if (thresholds.flow !== "generation") return [];
    const nights = new Map<string, CheckedReading[]>();
    for (const reading of readings) {
      if ((reading.energyKwh ?? 0) <= 0) continue;
      const night = nightOf(reading, timezone, thresholds.nightStartHour, thresholds.nightEndHour);
      if (night) nights.set(night, [...(nights.get(night) ?? []), reading]);
    }
    return [...nights.values()].flatMap((night) => {
      const kwh = night.reduce((sum, { energyKwh }) => sum + (energyKwh ?? 0), 0);
      if (kwh <= thresholds.nightKwh) return [];
      const sentence = `${inWords(kwh)} kWh were generated between ${thresholds.nightStartHour}:00 and ${thresholds.nightEndHour}:00.`;
      return [{ ...rangeOf(night), figure: kwh, threshold: thresholds.nightKwh, unit: "kWh" as const, sentence }];
    });
  },
};

/** The civil day on which the night of a reading began; undefined for one that reaches into the day. */
function nightOf(reading: CheckedReading, timezone: string, fromHour: number, toHour: number): string | undefined {
  const start = zoned(reading.startAt, timezone);
  const last = zoned(endOf(reading) - 1, timezone);
  const isNight = ({ hour }: Temporal.ZonedDateTime) => hour >= fromHour || hour < toHour;
  if (!isNight(start) || !isNight(last)) return undefined;
  const day = start.toPlainDate();
  return (start.hour >= fromHour ? day : day.subtract({ days: 1 })).toString();
}

function zoned(epochSeconds: number, timezone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochSeconds * 1000).toZonedDateTimeISO(timezone);
}
