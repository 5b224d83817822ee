import { type Listed, listed } from "../listed-for-tests";
import { rawInput } from "../raw-inputs";
import { parseGreenButton } from "./parse";
import { greenButtonSettings } from "./settings";

/** Builders of Green Button files for tests. */

/** 2026-11-01T00:00:00Z */
export const START = 1_793_491_200;

interface ReadingFields {
  start?: number | string;
  seconds?: number | string | null;
  value?: number | string;
  quality?: string | readonly string[];
}

export function reading({ start = START, seconds = 3600, value = 1000, quality = [] }: ReadingFields = {}): string {
  const qualities = [quality].flat().map((code) => `<ReadingQuality><quality>${code}</quality></ReadingQuality>`);
  const duration = seconds === null ? "" : `<duration>${seconds}</duration>`;
  const period = `<timePeriod>${duration}<start>${start}</start></timePeriod>`;
  return `<IntervalReading>${qualities.join("")}${period}<value>${value}</value></IntervalReading>`;
}

/** Hours one after the other. */
export function hours(...values: (number | string)[]): string {
  return values.map((value, index) => reading({ start: START + index * 3600, value })).join("");
}

export function entry(self: string, content: string, { up = [], related = [], title = "" }: Links = {}): string {
  const links = [["self", self], ...up.map((link) => ["up", link]), ...related.map((link) => ["related", link])];
  const written = links.map(([rel, href]) => `<link rel="${rel}" href="https://u.example/espi/${href}"/>`).join("");
  return `<entry>${written}<title>${title}</title><content>${content}</content></entry>`;
}

interface Links {
  up?: readonly string[];
  related?: readonly string[];
  title?: string;
}

/** A meter reading with its type and blocks. `type` null: the file has no reading type for it. */
export function meterReading(
  id: string,
  readings: string,
  type: Readonly<Record<string, string | number>> | null = {},
  usagePoint = "UsagePoint/1",
): string {
  const link = `${usagePoint}/MeterReading/${id}`;
  const codes = Object.entries({ uom: 72, flowDirection: 1, ...type }).map(
    ([name, code]) => `<${name}>${code}</${name}>`,
  );
  return [
    entry(link, "<MeterReading/>", { related: [`ReadingType/${id}`], title: `Reading ${id}` }),
    entry(`${link}/IntervalBlock/1`, `<IntervalBlock>${readings}</IntervalBlock>`, { up: [`${link}/IntervalBlock`] }),
    type ? entry(`ReadingType/${id}`, `<ReadingType>${codes.join("")}</ReadingType>`) : "",
  ].join("");
}

export function feed(...entries: string[]): string {
  return `<feed>${entries.join("\n")}</feed>`;
}

/** Parses files in order; the range is November 2026 in UTC. */
export function parseFiles(contents: string | Uint8Array | readonly string[], settings: unknown = {}): Promise<Listed> {
  const files = typeof contents === "string" || contents instanceof Uint8Array ? [contents] : contents;
  return listed(
    parseGreenButton(
      files.map((content, index) => rawInput(`file-${index + 1}.xml`, content, "application/xml")),
      {
        settings: greenButtonSettings.parse(settings),
        dataSource: "bucket",
        dataSourceType: "S3",
        timezone: "America/Los_Angeles",
        range: { from: new Date("2026-11-01T00:00:00Z"), to: new Date("2026-12-01T00:00:00Z") },
      },
    ),
  );
}
