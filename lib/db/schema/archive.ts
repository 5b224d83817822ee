import { bigint, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "./columns";
import { meters } from "./meters";

export type Origin =
  | { kind: "api"; url: string }
  | { kind: "s3"; bucket: string; key: string; etag: string; lastModified: string; sizeBytes: number }
  | { kind: "upload"; uploadId: string; fileName: string; by: string }
  | { kind: "transformation"; connector: string };

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
