import type { Wanted } from "./testing";

/** A day in AEST. */
export const aDay = ["2026-02-28T14:00:00Z", "2026-03-01T14:00:00Z"] as const;

const inBucket = { dataSourceType: "S3" as const, dataSource: "exports", timezone: "Australia/Brisbane" };
const s3 = { prefix: "", pattern: "*" };

/** Unix seconds of the half hours from the day's start on. */
const halfHours = (count: number) => Array.from({ length: count }, (_, at) => Date.parse(aDay[0]) / 1000 + at * 1_800);
const inAest = (at: number) => new Date((at + 36_000) * 1000).toISOString().slice(0, 16);

/** What one meter of each type gives for half hours from the day's start on; 48 are the day. */
export const sources = {
  WattWatchers: (count = 48) => ({
    vendor: (_device: string, start: number) =>
      start < Date.parse(aDay[0]) / 1000 + count * 1_800 ? 0.01 + (start % 3_600) / 1e9 : null,
  }),
  NEM12: (count = 48) => ({
    meter: { ...inBucket, type: "NEM12", settings: { suffixes: ["E1"], s3 } },
    files: [
      {
        name: "nem12.csv",
        content: `100,NEM12,202603020100,MDP,RET\n200,6123456789,E1,E1,E1,N1,SER1,kWh,30,\n300,20260301,${halfHours(
          count,
        )
          .map((at) => 0.25 + (at % 7_777) / 1e6)
          .join()},A,,,20260302010000,\n900\n`,
      },
    ],
  }),
  GreenButton: (count = 48) => ({
    meter: { ...inBucket, type: "GreenButton", settings: { s3 } },
    files: [
      {
        name: "usage.xml",
        content: `<feed><entry><link rel="self" href="t"/><content><ReadingType><uom>72</uom></ReadingType></content></entry><entry><content><IntervalBlock>${halfHours(
          count,
        )
          .map(
            (at) =>
              `<IntervalReading><timePeriod><duration>1800</duration><start>${at}</start></timePeriod><value>${at % 977}</value></IntervalReading>`,
          )
          .join("")}</IntervalBlock></content></entry></feed>`,
      },
    ],
  }),
  CSV: (count = 48) => ({
    meter: {
      ...inBucket,
      type: "CSV",
      settings: {
        stampColumn: "time",
        intervalMinutes: 30,
        values: [
          { column: "in", metric: "eRealPositiveKwh", unit: "Wh" },
          { column: "out", metric: "eRealNegativeKwh", unit: "Wh" },
        ],
        s3,
      },
    },
    files: [
      {
        name: "export.csv",
        content: `time,in,out\n${halfHours(count)
          .map((at) => `${inAest(at)},${at % 977},0\n`)
          .join("")}`,
      },
    ],
  }),
} satisfies Record<string, (count?: number) => Omit<Wanted, "from" | "bounds">>;
