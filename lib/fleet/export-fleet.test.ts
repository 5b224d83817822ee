import { expect, it } from "vitest";
import { testDatabase } from "../db/testing";
import { aMeter } from "../testing/builders";
import { exportFleet } from "./export-fleet";

const database = testDatabase();
const actor = { kind: "system", name: "test" } as const;

it("writes every meter of the filter, quoted, and harmless in a spreadsheet", async () => {
  await aMeter(database.db, { name: '=HYPERLINK("x"), shed', timezone: "Australia/Perth" });
  await aMeter(database.db, { name: "Plain", type: "NEM12", dataSourceType: "S3", settings: { nmi: "6203778594" } });
  const csv = await exportFleet({ db: database.db, actor }, { sort: "name" });
  const lines = csv.split("\r\n");
  expect(lines).toHaveLength(4);
  expect(lines[0]).toContain("id,name,type");
  expect(lines[1]).toContain(`"'=HYPERLINK(""x""), shed",WattWatchers,API,`);
  expect(lines[2]).toContain("Plain,NEM12,S3,6203778594,");
  const logger = { type: "CSV", dataSourceType: "S3", settings: { meterId: "DL-3307" } } as const;
  await aMeter(database.db, { name: "Logger", ...logger });
  expect(await exportFleet({ db: database.db, actor }, { search: "dl-33" })).toContain("Logger,CSV,S3,DL-3307,");
  expect((await exportFleet({ db: database.db, actor }, { types: ["NEM12"] })).split("\r\n")).toHaveLength(3);
});
