import { Temporal } from "temporal-polyfill";
import { csvDay, withGaps } from "./csv-day";
import { boundsOf, createDayEnergy, type DayEnergy } from "./day-energy";
import { greenButtonDay } from "./green-button-day";
import { nem12Day } from "./nem12-day";
import { type FileSite, fileSites } from "./sites";

/** Where the files go. */
export interface Drop {
  /** When the object was put, milliseconds; undefined: it is not there. */
  putAt(key: string): number | undefined;
  put(key: string, text: string): Promise<void>;
}

const DAYS = 62;
const DAY_SECONDS = 86_400;
/** From the end of a file's day, seconds: it is read out at night. */
const READ_OUT_SECONDS = 3 * 3600;
/** Metered values come by hand, some days later, and never with the file that they replace. */
const METERED_AFTER_SECONDS = 4 * DAY_SECONDS;
const METERED_AFTER_PUT_MS = 3 * 60_000;

/** Puts every file that is due by now and not there yet; what is there is left alone. Gives the number put. */
export async function deliverFiles(seed: number, drop: Drop, now: number): Promise<number> {
  const energy = createDayEnergy(seed);
  let put = 0;
  for (const site of Object.values(fileSites(seed))) {
    const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(site.fileZone).toPlainDate();
    for (let daysAgo = DAYS; daysAgo > 0; daysAgo -= 1) {
      const day = today.subtract({ days: daysAgo });
      const readOutAt = boundsOf(site, day).to + READ_OUT_SECONDS + site.deliveredAfterDays * DAY_SECONDS;
      if (readOutAt * 1000 > now) continue;
      const key = keyOf(site, day);
      const isSubstituted = site.hasSubstitutes && day.dayOfYear % 4 === 1;
      if (drop.putAt(key) === undefined) {
        const text = fileOf(site, day, { energy, seed, readOutAt, isSubstituted });
        if (text === undefined) continue;
        await drop.put(key, text);
        put += 1;
      } else if (isSubstituted && drop.putAt(revisedKeyOf(site, day)) === undefined) {
        const meteredAt = readOutAt + METERED_AFTER_SECONDS;
        if (Math.max(meteredAt * 1000, (drop.putAt(key) ?? now) + METERED_AFTER_PUT_MS) > now) continue;
        const text = fileOf(site, day, { energy, seed, readOutAt: meteredAt, isSubstituted: false });
        if (text === undefined) continue;
        await drop.put(revisedKeyOf(site, day), text);
        put += 1;
      }
    }
  }
  return put;
}

const ENDINGS = { nem12: "csv", greenButton: "xml", csv: "csv" } as const;

const nameOf = ({ prefix }: FileSite, day: Temporal.PlainDate) =>
  `${prefix}${day.year}/${String(day.month).padStart(2, "0")}/${day.toString().replaceAll("-", "")}`;
const keyOf = (site: FileSite, day: Temporal.PlainDate) => `${nameOf(site, day)}.${ENDINGS[site.kind]}`;
const revisedKeyOf = (site: FileSite, day: Temporal.PlainDate) => `${nameOf(site, day)}-metered.${ENDINGS[site.kind]}`;

interface Circumstances {
  energy: DayEnergy;
  seed: number;
  /** Unix seconds. */
  readOutAt: number;
  isSubstituted: boolean;
}

/** Undefined: the site has nothing of that day. */
function fileOf(site: FileSite, day: Temporal.PlainDate, circumstances: Circumstances): string | undefined {
  const { energy, seed, readOutAt, isSubstituted } = circumstances;
  const readOut = Temporal.Instant.fromEpochMilliseconds(readOutAt * 1000);
  if (site.kind === "nem12") {
    return nem12Day({
      nmi: site.meterId,
      day,
      intervals: energy(site, day, 30),
      ...(isSubstituted && { substitutes: energy(site, day.subtract({ days: 7 }), 30) }),
      updatedAt: readOut.toZonedDateTimeISO(site.fileZone).toPlainDateTime(),
    });
  }
  if (site.kind === "greenButton") {
    return greenButtonDay(site.meterId, energy(site, day, 60), readOut.toString());
  }
  const intervals = energy(site, day, 15);
  const kept = site.hasGaps ? withGaps(seed, day, intervals) : intervals;
  return kept.length === 0 ? undefined : csvDay(site.meterId, site.fileZone, kept);
}
