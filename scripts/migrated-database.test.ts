import { sql } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { expect, it } from "vitest";
import * as schema from "../lib/db/schema";
import { testDatabase } from "../lib/db/testing";

/** What `drizzle-kit generate` does not see: migrations may be edited by hand, and some things only SQL can say. */
const database = testDatabase();
const tables = Object.values(schema as Record<string, unknown>).filter(
  (value): value is PgTable => value instanceof PgTable,
);

it.each(tables.map((table) => [getTableConfig(table).name, table] as const))(
  "has the columns of %s in the migrated database as the schema says",
  async (name, table) => {
    const rows = await database.db.execute<{ name: string; type: string; required: boolean }>(sql`
      select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as required
      from pg_attribute where attrelid = ${name}::regclass and attnum > 0 and not attisdropped`);
    const migrated = rows.map((row) => `${row.name} ${row.type} ${row.required ? "not null" : "null"}`);
    const wanted = getTableConfig(table).columns.map(
      (column) =>
        `${column.name} ${canonical(column.getSQLType())} ${column.notNull || column.primary ? "not null" : "null"}`,
    );
    // Columns of a composite primary key are not null without saying so.
    const keys = new Set(
      getTableConfig(table).primaryKeys.flatMap(({ columns }) => columns.map(({ name: key }) => key)),
    );
    const ofKeys = (text: string) => (keys.has(text.split(" ")[0] ?? "") ? text.replace(/ (not )?null$/, "") : text);
    expect(migrated.map(ofKeys).sort()).toEqual(wanted.map(ofKeys).sort());
  },
);

function canonical(type: string) {
  return type.replace(/^varchar/, "character varying");
}

it("keeps readings in monthly partitions", async () => {
  const [row] = await database.db.execute<{ strategy: string; key: string }>(sql`
    select partstrat as strategy, pg_get_partkeydef(partrelid) as key from pg_partitioned_table
    where partrelid = 'meter_data'::regclass`);
  expect(row).toEqual({ strategy: "r", key: 'RANGE ("timestamp")' });
});
