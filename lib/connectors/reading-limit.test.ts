import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { rawInput } from "./raw-inputs";
import { connectorOf, settingsOf } from "./registry";

const mapping = {
  ...{ skipLines: 1, stampColumn: "Local time", stampFormat: "DD/MM/YYYY HH:mm" },
  values: [{ column: "Import (Wh)", metric: "eRealPositiveKwh", unit: "Wh" }],
};

// Formats that are streamed; what is read as a whole is bounded by its bytes.
it.each([
  ["CSV", "csv/fixtures/clocks-back.csv", mapping],
  ["NEM12", "nem12/fixtures/restated.csv", {}],
  ["GreenButton", "green-button/fixtures/plain.xml", {}],
])("%s stops where a file has more readings than may be held", async (type, file, settings) => {
  const connector = connectorOf(type);
  const bytes = readFileSync(new URL(file, import.meta.url));
  const parse = (mostReadings: number) =>
    connector.parse([rawInput("file", bytes)], {
      settings: settingsOf(connector, "UPLOAD", settings),
      dataSource: "",
      dataSourceType: "UPLOAD",
      timezone: "Australia/Sydney",
      range: { from: new Date(0), to: new Date("2100-01-01T00:00:00Z") },
      mostReadings,
    });
  const { readings } = await parse(1_000_000);
  expect(readings.length).toBeGreaterThan(4);
  await expect(parse(3)).rejects.toMatchObject({
    code: "TOO_MANY_READINGS",
    message: "There are more than 3 readings in one go: split it into files of fewer days.",
  });
});
