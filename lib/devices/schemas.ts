import { z } from "zod";
import { pageQuery } from "../http/cursor";
import { instantOut } from "../http/fields";
import { MOST_CHARACTERS } from "./limits";

/** Attached with one call. */
const MOST_METERS = 200;

const name = z.string().trim().min(1).max(120).meta({ title: "Name" });
const guardianUrl = z.string().trim().min(1).max(2_000).meta({
  title: "Guardian address",
  description: "Of its API, without `/external`. Left out: the `url` of the MRV config.",
});
const jsonFile = (sentence: string) =>
  z.union(
    [z.string().min(1).max(MOST_CHARACTERS, "This is too long for such a file."), z.record(z.string(), z.unknown())],
    {
      error: sentence,
    },
  );
const mrvConfig = jsonFile("The MRV config is needed: an object, or its JSON as text.").meta({
  title: "MRV config",
  description: "As the policy hands it out for the device. The private key is kept encrypted and never given back.",
});
const schema = jsonFile("A JSON schema is an object, or its JSON as text.").nullable().meta({
  title: "JSON schema",
  description: "Of the credential subject. With it fields are checked, and typed, before anything is signed.",
});
/** The version that the changes were made on: refused with a conflict if there is a newer one. */
const version = z.number().int().positive();

export const createDeviceInput = z.strictObject({
  name,
  guardianUrl: guardianUrl.optional(),
  mrvConfig,
  schema: schema.optional(),
});

/** With `deviceId`, the config is one that would replace the device's. */
export const previewDeviceInput = createDeviceInput.omit({ name: true }).extend({ deviceId: z.uuid().optional() });

/** Left out: kept. */
export const updateDeviceInput = z.strictObject({
  deviceId: z.uuid(),
  version: version.optional(),
  name: name.optional(),
  guardianUrl: guardianUrl.optional(),
  schema: schema.optional(),
});

export const replaceDeviceConfigInput = updateDeviceInput.extend({
  mrvConfig,
  mayChangeIdentity: z.boolean().default(false).meta({
    description: "Needed where the config is of another DID or policy than the device's.",
  }),
});

/** Body of PATCH: with `mrvConfig` the config is replaced. */
export const deviceChanges = replaceDeviceConfigInput
  .omit({ deviceId: true })
  .extend({ mrvConfig: mrvConfig.optional() });

export const deviceIdInput = z.strictObject({ deviceId: z.uuid() });
export const attachMetersInput = z.strictObject({
  deviceId: z.uuid(),
  meterIds: z.array(z.uuid()).min(1, "Choose at least one meter.").max(MOST_METERS).meta({ title: "Meters" }),
});
export const detachMeterInput = z.strictObject({ deviceId: z.uuid(), meterId: z.uuid() });

export const listDevicesQuery = z.object({
  ...pageQuery,
  search: z.string().trim().max(200).optional().meta({ description: "Part of the name, the DID or the policy." }),
  archived: z.boolean().default(false).meta({ description: "True: archived devices instead of the others." }),
});

export const deviceFieldDto = z.object({
  path: z.string().meta({ description: "Dotted where it is nested." }),
  title: z.string().nullable(),
  kind: z.string().meta({ description: "text, number, integer, boolean, or any." }),
  format: z.string().nullable(),
  isList: z.boolean(),
  isRequired: z.boolean(),
  isFromConfig: z.boolean().meta({ description: "Filled from the MRV config." }),
});
export type DeviceField = z.infer<typeof deviceFieldDto>;

export const deviceSummaryDto = z.object({
  id: z.uuid(),
  name: z.string(),
  did: z.string(),
  policyId: z.string(),
  policyTag: z.string(),
  guardianUrl: z.string(),
  installerDid: z.string(),
  ref: z.string(),
  type: z.string().meta({ description: "Of the credential subject, <uuid>&<version>." }),
  contextUrls: z.array(z.string()),
  topicId: z.string().nullable(),
  hederaAccountId: z.string().nullable(),
  verificationMethod: z.string(),
  publicKeyBase58: z.string().meta({ description: "Of the device's key. The private key is never given." }),
  notices: z.array(z.string()),
  meters: z.array(z.object({ id: z.uuid(), name: z.string() })),
  hasSchema: z.boolean(),
  version: z.number().int(),
  archivedAt: instantOut.nullable(),
  createdAt: instantOut,
  updatedAt: instantOut,
});
export type DeviceSummary = z.input<typeof deviceSummaryDto>;

export const deviceDto = deviceSummaryDto.extend({
  schema: z.record(z.string(), z.unknown()).nullable(),
  fields: z.array(deviceFieldDto),
});
export type DeviceDto = z.input<typeof deviceDto>;

export const archivedDeviceDto = z.object({
  device: deviceDto,
  detachedMeters: z.array(z.object({ id: z.uuid(), name: z.string() })),
  message: z.string(),
});

export const sampleSignatureDto = z.object({
  isValid: z.boolean(),
  /** What holds, or what does not and what to do. */
  message: z.string(),
  document: z.string().nullable().meta({
    description: "The signed sample, byte for byte. Dated in the year 9999, so that Guardian takes it from nobody.",
  }),
  faults: z.array(z.string()).meta({ description: "Where the sample's placeholders do not fit the JSON schema." }),
});
export type SampleSignature = z.infer<typeof sampleSignatureDto>;

export const devicePreviewDto = z.object({
  read: deviceSummaryDto.pick({
    did: true,
    policyId: true,
    policyTag: true,
    guardianUrl: true,
    installerDid: true,
    ref: true,
    type: true,
    contextUrls: true,
    topicId: true,
    hederaAccountId: true,
    verificationMethod: true,
    publicKeyBase58: true,
  }),
  notices: z.array(z.string()),
  fields: z.array(deviceFieldDto),
  signature: sampleSignatureDto,
  /** Another device in use of the same DID and policy: this one would be refused. */
  existing: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** Against the device that it would replace the config of. */
  changes: z.array(z.object({ field: z.string(), from: z.string(), to: z.string(), isIdentity: z.boolean() })),
});
export type DevicePreview = z.infer<typeof devicePreviewDto>;
