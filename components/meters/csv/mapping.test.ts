import { describe, expect, it } from "vitest";
import { detectCsv } from "@/lib/connectors/csv/detect";
import { csvSettings } from "@/lib/connectors/csv/settings";
import { meterTypeOptions } from "@/lib/meters/form-options";
import { settingsOf } from "../meter-values";
import { mappedValues, mappingOf, openQuestions } from "./mapping";

const fields = meterTypeOptions().find(({ type }) => type === "CSV")?.settings ?? [];
const found = (text: string) => detectCsv(new TextEncoder().encode(text));

describe("a mapping from what a sample shows", () => {
  it("is complete but for what only a person can say", async () => {
    const detection = await found(
      "Time,Import (kWh),Export (kWh),Quality\n2026-11-01 00:00,1,0,A\n2026-11-01 00:30,2,0,E\n",
    );
    const values = mappingOf(detection);
    expect(openQuestions(values, detection)).toEqual({ "settings.stampIs": "Choose what the time of a row is." });
    const settings = settingsOf({ ...values, "settings.stampIs": "start" }, fields);
    expect(csvSettings.parse(settings)).toMatchObject({
      ...{ delimiter: ",", stampColumn: "Time", stampFormat: "auto", qualityColumn: "Quality" },
      values: [
        { column: "Import (kWh)", metric: "eRealPositiveKwh", unit: "kWh" },
        { column: "Export (kWh)", metric: "eRealNegativeKwh", unit: "kWh" },
      ],
    });
  });

  it("guesses neither day and month, nor a unit that no name tells, nor start and end", async () => {
    const detection = await found("When,Value\n03/04/2026 00:30,1\n03/04/2026 01:00,2\n");
    const values = mappingOf(detection);
    expect(values["settings.stampFormat"]).toBe("");
    expect(mappedValues(values)).toEqual([{ column: "Value" }]);
    expect(Object.keys(openQuestions(values, detection))).toEqual([
      "settings.stampIs",
      "settings.stampFormat",
      "settings.values.0.metric",
      "settings.values.0.unit",
    ]);
    expect(detection.stampHint).toBe("end");
  });

  it("is long where times come again for each channel, and wide where one column of words stands beside", async () => {
    const long = await found(
      "t,what,n\n2026-11-01 00:00,Import,1\n2026-11-01 00:00,Export,0\n2026-11-01 00:30,Import,1\n2026-11-01 00:30,Export,0\n",
    );
    expect(mappingOf(long)).toMatchObject({
      "csv.layout": "long",
      "settings.channelColumn": "what",
      "settings.valueColumn": "n",
    });
    expect(mappedValues(mappingOf(long))).toEqual([{ channel: "Import" }, { channel: "Export" }]);
    const wide = await found("t,kWh,state\n2026-11-01 00:00,1,A\n2026-11-01 00:30,1,E\n2026-11-01 01:00,1,A\n");
    expect(mappingOf(wide)).toMatchObject({ "csv.layout": "wide", "settings.channelColumn": "" });
  });

  it("names a column by its number where its name is there twice", async () => {
    const detection = await found("time,kWh,kWh\n2026-11-01 00:00,1,2\n2026-11-01 00:30,1,2\n");
    expect(mappedValues(mappingOf(detection)).map(({ column }) => column)).toEqual(["2", "3"]);
  });
});
