import { z } from "zod";
import { meterStates } from "../fleet/meter-states";
import { pageQuery } from "../http/cursor";
import { instantOut } from "../http/fields";
import { isTimezone } from "../time";

const name = z.string().trim().min(1).max(120).meta({ title: "Name" });
const dataSourceMeta = {
  title: "Data source",
  description: "The vendor's id of the device or site; for S3 the bucket's name.",
};
const dataSource = z.string().trim().min(1).max(255).meta(dataSourceMeta);
/** An S3 credential may be sent as an object too; it is kept as JSON text. */
const dataCredentials = z
  .union([z.string().trim().min(1), z.record(z.string(), z.unknown()).transform((object) => JSON.stringify(object))], {
    error: "An API key as text, or S3 credentials as JSON, are needed.",
  })
  .refine((text) => text.length <= 8_192, "This must have at most 8192 characters.")
  .meta({ title: "Credentials", description: "Kept encrypted and never shown again." });
const timezone = z
  .string()
  .trim()
  .refine(isTimezone, "An IANA time zone such as Australia/Sydney is needed.")
  .meta({ title: "Time zone", description: "IANA name; the meter's days follow it." });
const region = z.string().trim().min(1).max(60).nullable().meta({
  title: "Emission region",
  description: "Region of the emission factor. Empty: no carbon is calculated.",
});
const capacityKw = z.number().positive().max(10_000_000).nullable().meta({
  title: "Capacity (kW)",
  description: "Nameplate of the plant behind the meter.",
});
const deviceId = z.uuid().nullable().meta({
  title: "Device",
  description: "The Guardian device that signs the meter's records. Null: none.",
});
const settings = z
  .record(z.string(), z.unknown())
  .meta({ title: "Settings", description: "By meter type; unknown ones are refused by name." });

const dataSourceTypes = ["API", "S3", "UPLOAD"] as const;

export const createMeterInput = z.strictObject({
  name,
  /** Connector id; the registry says which there are. */
  type: z.string().trim().min(1).max(60).meta({ title: "Meter type" }),
  dataSourceType: z.enum(dataSourceTypes).meta({
    title: "Source",
    description: "UPLOAD: people bring the files; neither a data source nor credentials are needed.",
  }),
  // Empty where files are uploaded; `checkSettings` asks for it where there is a source.
  dataSource: z.string().trim().max(255).default("").meta(dataSourceMeta),
  dataCredentials: dataCredentials.optional(),
  timezone,
  region: region.optional(),
  capacityKw: capacityKw.optional(),
  deviceId: deviceId.optional(),
  settings: settings.default({}),
});

/** Left out: kept. `type` may be repeated, not changed; `dataSourceType` changes from `UPLOAD` alone, with source and credential. */
export const meterChanges = z.strictObject({
  /** The version that the changes were made on: refused with a conflict if there is a newer one. */
  version: z.number().int().positive().optional(),
  name: name.optional(),
  type: z.string().optional(),
  dataSourceType: z.enum(dataSourceTypes).optional(),
  dataSource: dataSource.optional(),
  dataCredentials: dataCredentials.optional(),
  timezone: timezone.optional(),
  region: region.optional(),
  capacityKw: capacityKw.optional(),
  deviceId: deviceId.optional(),
  settings: settings.optional(),
});
export const updateMeterInput = meterChanges.extend({ meterId: z.uuid() });

export const meterIdInput = z.strictObject({ meterId: z.uuid() });

/** What a form holds before it is saved. With `meterId`, credentials that are left out are the stored ones. */
export const meterDraftInput = createMeterInput.extend({ meterId: z.uuid().optional(), name: name.optional() });

export const listMetersQuery = z.object({
  ...pageQuery,
  type: z.array(z.string()).optional(),
  state: z
    .array(z.enum(meterStates))
    .optional()
    .meta({ description: "Where the meter stands; archived ones have none." }),
  search: z.string().trim().max(200).optional().meta({ description: "Part of the name or the data source." }),
  archived: z.boolean().default(false).meta({ description: "True: archived meters instead of the others." }),
});

export const lastTestDto = z.object({
  at: z.string(),
  ok: z.boolean(),
  message: z.string(),
  newestReadingAt: z.string().nullable(),
});

export const meterDto = z.object({
  id: z.uuid(),
  name: z.string(),
  type: z.string(),
  dataSourceType: z.enum(dataSourceTypes),
  dataSource: z.string(),
  credentialHint: z.string().meta({ description: "A recognisable piece of the credential, which is never given." }),
  settings: z.record(z.string(), z.unknown()),
  timezone: z.string(),
  region: z.string().nullable(),
  capacityKw: z.number().nullable(),
  deviceId: z.uuid().nullable().meta({ description: "The Guardian device that signs its records." }),
  state: z.enum(meterStates).nullable().meta({ description: "Null for an archived meter." }),
  newestReadingAt: instantOut.nullable().meta({ description: "Start of the newest reading." }),
  lastTest: lastTestDto.nullable(),
  version: z.number().int(),
  archivedAt: instantOut.nullable(),
  createdAt: instantOut,
  updatedAt: instantOut,
});
export type MeterDto = z.input<typeof meterDto>;

export const archivedMeterDto = z.object({
  meter: meterDto,
  endedJobs: z.number().int().meta({ description: "Jobs that were active or paused and are ended now." }),
  cancelledTasks: z.number().int().meta({ description: "Tasks that had not begun. Those that run now still finish." }),
  message: z.string(),
});

export const testResultDto = z.object({
  ok: z.boolean(),
  /** What was reached, or why not and what to do. */
  message: z.string(),
  code: z.string().nullable().meta({ description: "Stable code of the failure, such as NOT_FOUND." }),
  found: z.array(z.object({ label: z.string(), value: z.string() })),
  choices: z
    .array(
      z.object({
        setting: z.string(),
        whenEmpty: z.enum(["all", "none"]),
        options: z.array(z.object({ value: z.string(), label: z.string() })),
      }),
    )
    .meta({ description: "What a setting can be chosen from, as the source has it." }),
  newestReadingAt: instantOut.nullable(),
  at: instantOut,
});
export type TestResultDto = z.input<typeof testResultDto>;
