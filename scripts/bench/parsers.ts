import type { Connector, RawInput } from "../../lib/connectors/contract";
import { rawInput } from "../../lib/connectors/raw-inputs";
import { connectorOf, settingsOf } from "../../lib/connectors/registry";
import type { Result } from "./results";

const DAYS = 365;
const START = Date.UTC(2026, 0, 1) / 1000;
const RANGE = { from: new Date("2025-12-01T00:00:00Z"), to: new Date("2027-02-01T00:00:00Z") };
/** The first runs warm the compiler up; the quickest of the others is disturbed least. */
const WARM_UP = 2;
const RUNS = 5;

interface ParserBench {
  connector: Connector;
  settings: Record<string, unknown>;
  input: RawInput;
  /** Rows of the file, as its format counts them. */
  rows: number;
  /** The plain reading of the same bytes. */
  plain: (input: RawInput) => Promise<unknown>;
  goal: string;
}

/** Rows a second of a parser, all of whose readings are in the asked range, over plain reading of the same bytes, both in processor time. */
async function ratioOf({ connector, settings, input, rows, plain, goal }: ParserBench): Promise<Result> {
  const context = {
    settings: settingsOf(connector, "S3", settings),
    dataSource: "bench",
    dataSourceType: "S3" as const,
    timezone: "Australia/Sydney",
    range: RANGE,
  };
  let readings = 0;
  const parsing = await quickest(async () => {
    const parsed = await connector.parse([input], context);
    if (parsed.rejects.length > 0) throw new Error(`${connector.type} refused ${parsed.rejects[0]?.reason}`);
    readings = parsed.readings.length;
  });
  const reading = await quickest(() => plain(input));
  const bytes = (await input.bytes()).byteLength;
  return {
    value: reading / parsing,
    unit: "ratio",
    goal,
    note: `${rows} rows, ${readings} readings, ${(bytes / 1e6).toFixed(1)} MB: parser ${rate(rows, parsing)}, plain ${rate(rows, reading)}`,
  };
}

/** Processor seconds: the machine may be doing something else. */
async function quickest(work: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < WARM_UP + RUNS; run++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    if (run >= WARM_UP) best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}

function rate(rows: number, seconds: number): string {
  return `${Math.round(rows / seconds)} rows/s`;
}

async function readLines(input: RawInput): Promise<number> {
  let count = 0;
  for await (const line of input.lines()) count += line.length > 0 ? 1 : 0;
  return count;
}

/** A year of one meter in five-minute intervals, a day a row. */
export async function parseNem12(): Promise<Record<string, Result>> {
  const lines = ["100,NEM12,202601010900,MDP1,RETAIL1"];
  for (const suffix of ["E1", "B1"]) {
    lines.push(`200,6203778594,E1B1,1,${suffix},N1,SER123,kWh,5,`);
    for (let day = 0; day < DAYS; day++) {
      const date = isoAt(day * 86_400)
        .slice(0, 10)
        .replaceAll("-", "");
      const values = Array.from({ length: 288 }, (_, at) => (((at * 7 + day) % 997) / 1000).toFixed(3));
      lines.push(`300,${date},${values.join(",")},A,,,20261102080000,`);
    }
  }
  const input = rawInput("year.csv", `${lines.join("\r\n")}\r\n900\r\n`, "text/csv");
  const bench = { connector: connectorOf("NEM12"), settings: {}, input, rows: DAYS * 2 };
  return { "parse-nem12": await ratioOf({ ...bench, plain: readLines, goal: "at least 0.25" }) };
}

/** A year of one meter in five-minute intervals, local time, taken and sent side by side with a quality. */
export async function parseCsv(): Promise<Record<string, Result>> {
  const rows = Array.from({ length: DAYS * 288 }, (_, at) => {
    const stamp = isoAt(at * 300)
      .slice(0, 16)
      .replace("T", " ");
    return `${stamp},6203778594,${((at % 977) / 1000).toFixed(3)},${((at % 13) / 10).toFixed(3)},A`;
  });
  const input = rawInput("year.csv", `Timestamp,Meter,Import,Export,Quality\n${rows.join("\n")}\n`, "text/csv");
  const settings = {
    stampColumn: "Timestamp",
    timezone: "Australia/Brisbane",
    meterColumn: "Meter",
    meterId: "6203778594",
    values: [
      { column: "Import", metric: "eRealPositiveKwh", unit: "kWh" },
      { column: "Export", metric: "eRealNegativeKwh", unit: "kWh" },
    ],
    qualityColumn: "Quality",
    qualities: { A: "actual" },
  };
  const bench = { connector: connectorOf("CSV"), settings, input, rows: rows.length };
  return { "parse-csv": await ratioOf({ ...bench, plain: readLines, goal: "at least 0.25" }) };
}

/** A year of quarter hours in daily blocks. */
export async function parseGreenButton(): Promise<Record<string, Result>> {
  const link = "UsagePoint/1/MeterReading/1";
  const blocks = Array.from({ length: DAYS }, (_, day) => {
    const readings = Array.from({ length: 96 }, (_, at) => {
      const start = START + day * 86_400 + at * 900;
      return `<e:IntervalReading><e:timePeriod><e:duration>900</e:duration><e:start>${start}</e:start></e:timePeriod><e:value>${(at * 37) % 1999}</e:value></e:IntervalReading>\n`;
    });
    return `<entry><link rel="self" href="${link}/IntervalBlock/${day}"/><link rel="up" href="${link}/IntervalBlock"/><content><e:IntervalBlock>${readings.join("")}</e:IntervalBlock></content></entry>`;
  });
  const type = `<entry><link rel="self" href="ReadingType/1"/><content><e:ReadingType><e:uom>72</e:uom></e:ReadingType></content></entry>`;
  const input = rawInput("year.xml", `<feed xmlns:e="http://naesb.org/espi">${type}${blocks.join("\n")}</feed>`);
  const bench = { connector: connectorOf("GreenButton"), settings: {}, input, rows: DAYS * 96 };
  return { "parse-green-button": await ratioOf({ ...bench, plain: readLines, goal: "none set" }) };
}

/** A year of a device with six channels. */
export async function parseWattwatchers(): Promise<Record<string, Result>> {
  const rows = Array.from({ length: DAYS * 288 }, (_, at) => {
    const energies = Array.from({ length: 6 }, (_, channel) => ((at + 1) * (channel + 3) * 7919) % 3_600_000);
    return {
      timestamp: START + (at + 1) * 300,
      duration: 300,
      eReal: energies,
      eRealNegative: energies.map(() => 0),
      eRealPositive: energies,
      eReactive: energies.map((energy) => energy % 9_999),
      vRMSMin: [229.4],
      vRMSMax: [232.2],
      iRMSMin: [14.799],
      iRMSMax: [21.208],
    };
  });
  const input = rawInput("year.json", JSON.stringify(rows), "application/json");
  const plain = async (each: RawInput) => JSON.parse(Buffer.from(await each.bytes()).toString());
  const bench = { connector: connectorOf("WattWatchers"), settings: {}, input, rows: rows.length };
  return { "parse-wattwatchers": await ratioOf({ ...bench, plain, goal: "none set" }) };
}

function isoAt(seconds: number): string {
  return new Date((START + seconds) * 1000).toISOString();
}
