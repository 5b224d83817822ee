import { bigint, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { DataSourceType } from "../../connectors/contract";
import { createdAt, id, instant } from "./columns";
import { meters } from "./meters";

/**
 * What a transformation took besides bytes. Anyone can make the same object from its raw ones with it, whatever became of the meter and
 * its factors since. Nothing in it is secret: credentials are no settings.
 */
export interface Took {
  /** The connector's, as it understood them: defaults filled in, a bucket's own set aside. */
  settings: Record<string, unknown>;
  dataSource: string;
  dataSourceType: DataSourceType;
  timezone: string;
  /** The asked range, half-open; past `until` only forecasts were kept. ISO 8601 UTC. */
  from: string;
  to: string;
  until: string;
  /** Of the meter's region, best first: where two hold at one time the first is used. */
  factors: { id: string; value: string; from: string; to: string | null }[];
}

export type Origin =
  | { kind: "api"; url: string }
  | { kind: "s3"; bucket: string; key: string; etag: string; lastModified: string; sizeBytes: number }
  | { kind: "upload"; uploadId: string; fileName: string; by: string }
  /** Objects of earlier releases do not say what they took. */
  | { kind: "transformation"; connector: string; took?: Took };

/** One row per object in the archive; objects and these rows' hashes never change. */
export const archiveObjects = pgTable(
  "archive_objects",
  {
    id: id(),
    meterId: uuid("meter_id")
      .notNull()
      .references(() => meters.id),
    kind: text("kind").$type<"raw" | "transformed">().notNull(),
    key: text("key").notNull(),
    /** What it covers, half-open; for a file whose content is not known yet both are null. */
    coversFrom: instant("covers_from"),
    coversTo: instant("covers_to"),
    sha256: text("sha256").notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    contentType: text("content_type").notNull(),
    origin: jsonb("origin").$type<Origin>().notNull(),
    /** Raw objects a transformed one was made from, in order. */
    inputIds: uuid("input_ids").array(),
    fetchedAt: instant("fetched_at").notNull(),
    /** When a re-fetch last gave the same bytes: of two objects that cover an interval the later is current. */
    confirmedAt: instant("confirmed_at").notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("archive_objects_key_key").on(table.key),
    index("archive_objects_meter_idx").on(table.meterId, table.kind, table.coversFrom),
  ],
);
