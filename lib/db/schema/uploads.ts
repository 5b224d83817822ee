import { bigint, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { archiveObjects } from "./archive";
import { createdAt, id, instant } from "./columns";
import { meterJobs } from "./jobs";
import { meters } from "./meters";

/**
 * `receiving`: its bytes are on their way to the archive, or the process died meanwhile. `received`: archived, and waits for a person.
 * `started`: its tasks exist. `discarded`: a person wants nothing of it. `failed`: it did not arrive.
 */
export const uploadStates = ["receiving", "received", "started", "discarded", "failed"] as const;

/** A file that a person gave to a meter. Written before its first byte is kept, so that whatever is cut off can be seen. */
export const uploads = pgTable(
  "uploads",
  {
    id: id(),
    meterId: uuid("meter_id")
      .notNull()
      .references(() => meters.id),
    fileName: text("file_name").notNull(),
    state: text("state").$type<(typeof uploadStates)[number]>().notNull().default("receiving"),
    /** Its bytes in the archive, once they are all there. */
    objectId: uuid("object_id").references(() => archiveObjects.id),
    sizeBytes: bigint("size_bytes", { mode: "number" }),
    sha256: text("sha256"),
    /** Why it failed. */
    message: text("message"),
    /** Of an upload that was started: its job, and what it covered with how many tasks and readings. */
    jobId: uuid("job_id").references(() => meterJobs.id),
    fromAt: instant("from_at"),
    toAt: instant("to_at"),
    taskCount: integer("task_count"),
    readings: integer("readings"),
    createdBy: text("created_by").notNull(),
    createdAt: createdAt(),
    startedBy: text("started_by"),
    startedAt: instant("started_at"),
  },
  (table) => [
    index("uploads_meter_idx").on(table.meterId, table.createdAt),
    index("uploads_sha256_idx").on(table.meterId, table.sha256),
  ],
);
