import type { IntervalEnergy } from "./day-energy";

interface Flow {
  id: string;
  /** ESPI: 1 delivered to the customer, 19 received from them. */
  direction: 1 | 19;
  wh: (interval: IntervalEnergy) => number;
}

const FLOWS: readonly Flow[] = [
  { id: "delivered", direction: 1, wh: ({ takenWh }) => takenWh },
  { id: "received", direction: 19, wh: ({ sentWh }) => sentWh },
];

/** A day of a usage point, hourly, in watt-hours: energy delivered and received, as an ESPI feed. */
export function greenButtonDay(usagePoint: string, intervals: readonly IntervalEnergy[], updated: string): string {
  const root = `https://utility.example/espi/1_1/resource/UsagePoint/${usagePoint}`;
  const entry = (self: string, up: string, title: string, content: string) =>
    [
      "  <entry>",
      `    <id>${self}</id>`,
      `    <link rel="self" href="${self}"/>`,
      `    <link rel="up" href="${up}"/>`,
      `    <title>${title}</title>`,
      `    <updated>${updated}</updated>`,
      `    <content>${content}</content>`,
      "  </entry>",
    ].join("\n");
  const point = `${root.slice(0, root.lastIndexOf("/"))}`;
  const body = FLOWS.flatMap(({ id, direction, wh }) => {
    const reading = `${root}/MeterReading/${id}`;
    const type = `https://utility.example/espi/1_1/resource/ReadingType/${id}`;
    return [
      entry(reading, `${root}/MeterReading`, `Energy ${id}`, '<MeterReading xmlns="http://naesb.org/espi"/>').replace(
        "    <title>",
        `    <link rel="related" href="${type}"/>\n    <title>`,
      ),
      entry(
        type,
        "https://utility.example/espi/1_1/resource/ReadingType",
        `Hourly energy ${id}`,
        `<ReadingType xmlns="http://naesb.org/espi"><accumulationBehaviour>4</accumulationBehaviour><commodity>1</commodity>` +
          `<flowDirection>${direction}</flowDirection><intervalLength>3600</intervalLength><kind>12</kind>` +
          "<powerOfTenMultiplier>0</powerOfTenMultiplier><uom>72</uom></ReadingType>",
      ),
      entry(`${reading}/IntervalBlock/1`, `${reading}/IntervalBlock`, "", blockOf(intervals, wh)),
    ];
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    `  <title>Green Button usage</title>`,
    `  <updated>${updated}</updated>`,
    entry(
      root,
      point,
      "Branch library",
      '<UsagePoint xmlns="http://naesb.org/espi"><ServiceCategory><kind>0</kind></ServiceCategory></UsagePoint>',
    ),
    ...body,
    "</feed>",
    "",
  ].join("\n");
}

function blockOf(intervals: readonly IntervalEnergy[], wh: Flow["wh"]): string {
  const [first] = intervals;
  const seconds = intervals.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  const readings = intervals.map(
    (interval) =>
      `<IntervalReading><timePeriod><duration>${interval.durationSeconds}</duration><start>${interval.start}</start></timePeriod>` +
      `<value>${wh(interval)}</value></IntervalReading>`,
  );
  return (
    `<IntervalBlock xmlns="http://naesb.org/espi"><interval><duration>${seconds}</duration><start>${first?.start ?? 0}</start></interval>` +
    `${readings.join("")}</IntervalBlock>`
  );
}
