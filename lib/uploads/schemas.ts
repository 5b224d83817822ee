import { z } from "zod";
import { uploadStates } from "../db/schema/uploads";
import { instantOut } from "../http/fields";
import { metricNames, qualities } from "../metrics/registry";
import { MOST_FILES } from "./limits";

const fileName = z
  .string()
  .trim()
  .min(1, "The file's name is needed.")
  .max(255)
  // What a browser never sends, and what must not reach a header or a log.
  .regex(/^[^\p{Cc}\p{Surrogate}]+$/u, "The file's name holds control characters.");

export const receiveUploadQuery = z.object({
  fileName: fileName.meta({ description: "As people know it, such as october.csv." }),
});
export const receiveUploadInput = receiveUploadQuery.extend({ meterId: z.uuid() });

const uploadIds = z
  .array(z.uuid())
  .min(1)
  .max(MOST_FILES)
  .meta({ description: "Files that are read together; where two hold the same interval the later one wins." });

export const planUploadsInput = z.strictObject({ meterId: z.uuid(), uploadIds });
export const startUploadsInput = z.strictObject({ meterId: z.uuid(), uploadIds, planToken: z.string().min(1) });
export const discardUploadInput = z.strictObject({ uploadId: z.uuid() });

/** Body of `POST /meters/{id}/uploads/ingest`. */
export const ingestUploadsOrder = z
  .strictObject({ uploadIds, dryRun: z.boolean().default(false), planToken: z.string().optional() })
  .refine((body) => body.dryRun || body.planToken !== undefined, {
    path: ["planToken"],
    error: "Ask with dryRun first, and send the planToken of its answer.",
  });

const count = z.number().int();

export const uploadDto = z.object({
  id: z.uuid(),
  meterId: z.uuid(),
  fileName: z.string(),
  state: z.enum(uploadStates),
  message: z.string().nullable().meta({ description: "Why it failed." }),
  sizeBytes: count.nullable(),
  sha256: z.string().nullable(),
  sameAs: z
    .object({ id: z.uuid(), fileName: z.string(), createdBy: z.string(), createdAt: instantOut })
    .nullable()
    .meta({ description: "An earlier upload of the very same bytes to this meter that was ingested." }),
  jobId: z.uuid().nullable(),
  from: instantOut.nullable(),
  to: instantOut.nullable(),
  readings: count.nullable(),
  taskCount: count.nullable(),
  tasksByState: z.record(z.string(), count).meta({
    description: "Of the tasks that still read this file; a later upload of the same days takes them over.",
  }),
  createdBy: z.string(),
  createdAt: instantOut,
  startedBy: z.string().nullable(),
  startedAt: instantOut.nullable(),
});
export type UploadDto = z.input<typeof uploadDto>;

const values = z.partialRecord(z.enum(metricNames), z.number().nullable());

export const uploadPlanDto = z.object({
  meterId: z.uuid(),
  files: z.array(z.object({ id: z.uuid(), fileName: z.string(), sameAs: uploadDto.shape.sameAs })),
  timezone: z.string(),
  metrics: z.array(z.enum(metricNames)).meta({ description: "Those the files have values of." }),
  readings: count,
  from: instantOut.nullable(),
  to: instantOut.nullable(),
  new: count.meta({ description: "Readings of intervals that nothing is stored of." }),
  changed: count.meta({ description: "Readings that restate stored ones; the old ones are kept as revisions." }),
  same: count.meta({ description: "Readings that are stored as they are." }),
  days: z
    .array(z.object({ day: z.string(), readings: count, new: count, changed: count, same: count }))
    .meta({ description: "By civil day of the meter, each of which becomes a task." }),
  rejected: count,
  rejects: z
    .array(z.object({ row: z.string(), reason: z.string() }))
    .meta({ description: "The first hundred rows that are no readings." }),
  first: z
    .array(z.object({ at: instantOut, durationSeconds: count, quality: z.enum(qualities), values }))
    .meta({ description: "The first twelve readings." }),
  changes: z
    .array(
      z.object({
        at: instantOut,
        metric: z.enum(metricNames),
        before: z.number().nullable(),
        after: z.number().nullable(),
      }),
    )
    .meta({ description: "The first twelve readings that change, by energy." }),
  notes: z.array(z.string()),
  refusal: z
    .object({ code: z.string(), message: z.string() })
    .nullable()
    .meta({ description: "Why nothing can be ingested." }),
  planToken: z.string(),
});
export type UploadPlan = z.input<typeof uploadPlanDto>;
