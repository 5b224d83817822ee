import type { Db } from "../db/client";
import { emissionFactors } from "../db/schema";

const PUBLISHER = "DCCEEW";
const SOURCE = "National Greenhouse Accounts Factors, scope 2, from public transcriptions";
const NOTE = "Check against the publisher's workbook: the value, and the period this edition is used for.";

/** Region codes of grid factors, location method, and `AU` for the nation. */
const gridRegions = ["NSW", "VIC", "QLD", "SA", "SWIS", "TAS", "DKIS", "AU"] as const;

/** kg CO2-e per kWh by edition: one value per region of `gridRegions` (null: not published), then the residual mix. */
const editions: [year: number, grid: (string | null)[], residualMix: string][] = [
  [2023, ["0.68", "0.79", "0.73", "0.25", "0.53", "0.12", "0.54", "0.65"], "0.81"],
  [2024, ["0.66", "0.77", "0.71", "0.23", "0.51", "0.15", "0.56", "0.63"], "0.81"],
  [2025, ["0.64", "0.78", "0.67", "0.22", "0.50", "0.20", "0.56", null], "0.81"],
  [2026, ["0.60", "0.74", "0.65", "0.21", "0.45", "0.21", "0.55", "0.59"], "0.79"],
];

/**
 * The factors a new installation starts with; NSW includes the ACT. Each edition holds for its calendar year in UTC until an
 * admin says otherwise, the newest until it is replaced. Factors that are there already, changed or not, are left alone.
 */
export async function seedStarterFactors(db: Db): Promise<number> {
  const newest = Math.max(...editions.map(([year]) => year));
  const rows = editions.flatMap(([year, grid, residualMix]) =>
    [
      ...gridRegions.map((region, i) => ({ region: region as string, method: "location" as const, value: grid[i] })),
      { region: "AU", method: "market" as const, value: residualMix },
    ].flatMap(({ region, method, value }) =>
      value === null || value === undefined
        ? []
        : {
            publisher: PUBLISHER,
            edition: String(year),
            region,
            scope: "2",
            method,
            value,
            unit: "kg CO2-e/kWh" as const,
            validFrom: new Date(Date.UTC(year, 0, 1)),
            validTo: year === newest ? null : new Date(Date.UTC(year + 1, 0, 1)),
            source: SOURCE,
            note: NOTE,
          },
    ),
  );
  // The exclusion constraint knows what overlaps: a second run, and an admin's own factor for the same time, win.
  const inserted = await db
    .insert(emissionFactors)
    .values(rows)
    .onConflictDoNothing()
    .returning({ id: emissionFactors.id });
  return inserted.length;
}
