import { z } from "zod";
import { pageOf } from "../http/cursor";
import { endpoint } from "../http/endpoint";
import { idParams } from "../http/fields";
import { archiveDevice } from "./archive-device";
import { attachMeters } from "./attach-meters";
import { createDevice } from "./create-device";
import { detachMeter } from "./detach-meter";
import { previewDevice } from "./preview-device";
import { getDevice, listDevices } from "./queries";
import { replaceDeviceConfig } from "./replace-device-config";
import {
  archivedDeviceDto,
  attachMetersInput,
  createDeviceInput,
  deviceChanges,
  deviceDto,
  devicePreviewDto,
  deviceSummaryDto,
  listDevicesQuery,
  previewDeviceInput,
  sampleSignatureDto,
} from "./schemas";
import { testSignature } from "./test-signature";
import { updateDevice } from "./update-device";

export const listDevicesEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/devices",
    summary: "Devices of Guardian policies, by name",
    query: listDevicesQuery,
    response: pageOf(deviceSummaryDto),
  },
  (ctx, { query }) => listDevices(ctx, query),
);

export const createDeviceEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/devices",
    summary: "Add a device by its MRV config",
    description:
      "Keys are write-only: the device's is kept encrypted, the installer's is dropped, and `notices` says so. Faults stand below `mrvConfig`.",
    permission: "devices:edit",
    body: createDeviceInput,
    response: deviceDto,
    status: 201,
  },
  (ctx, { body }) => createDevice(ctx, body),
);

export const previewDeviceEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/devices/preview",
    summary: "Read an MRV config and sign a sample with its key, without storing anything",
    description: "With `deviceId`, against the config that the device has.",
    permission: "devices:edit",
    body: previewDeviceInput,
    response: devicePreviewDto,
  },
  (ctx, { body }) => previewDevice(ctx, body),
);

export const getDeviceEndpoint = endpoint(
  {
    method: "GET",
    path: "/api/v1/devices/{id}",
    summary: "One device with its JSON schema and fields",
    params: idParams,
    response: deviceDto,
  },
  (ctx, { params }) => getDevice(ctx, { deviceId: params.id }),
);

export const updateDeviceEndpoint = endpoint(
  {
    method: "PATCH",
    path: "/api/v1/devices/{id}",
    summary: "Change a device, or replace its MRV config",
    description:
      "What is left out is kept. With `mrvConfig` the key is replaced too; a config of another DID or policy needs `mayChangeIdentity`.",
    permission: "devices:edit",
    params: idParams,
    body: deviceChanges,
    response: deviceDto,
  },
  (ctx, { params, body }) => {
    const { mrvConfig, mayChangeIdentity, ...changes } = body;
    const deviceId = params.id;
    if (mrvConfig === undefined) return updateDevice(ctx, { ...changes, deviceId });
    return replaceDeviceConfig(ctx, { ...changes, mrvConfig, mayChangeIdentity, deviceId });
  },
);

export const archiveDeviceEndpoint = endpoint(
  {
    method: "DELETE",
    path: "/api/v1/devices/{id}",
    summary: "Archive a device and detach its meters",
    description: "What it signed stays.",
    permission: "devices:edit",
    params: idParams,
    response: archivedDeviceDto,
  },
  (ctx, { params }) => archiveDevice(ctx, { deviceId: params.id }),
);

export const attachMetersEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/devices/{id}/meters",
    summary: "Attach meters to a device",
    description: "All or none. A meter has one device: one that is attached to another is a conflict.",
    permission: "devices:edit",
    params: idParams,
    body: attachMetersInput.omit({ deviceId: true }),
    response: deviceDto,
  },
  (ctx, { params, body }) => attachMeters(ctx, { ...body, deviceId: params.id }),
);

export const detachMeterEndpoint = endpoint(
  {
    method: "DELETE",
    path: "/api/v1/devices/{id}/meters/{meterId}",
    summary: "Detach a meter from a device",
    permission: "devices:edit",
    params: idParams.extend({ meterId: z.uuid({ error: "An id is a UUID." }) }),
    response: deviceDto,
  },
  (ctx, { params }) => detachMeter(ctx, { deviceId: params.id, meterId: params.meterId }),
);

export const testSignatureEndpoint = endpoint(
  {
    method: "POST",
    path: "/api/v1/devices/{id}/test",
    summary: "Sign a sample with the device's key and verify it",
    description: "The sample is dated in the year 9999, which Guardian refuses: it cannot be passed off as a record.",
    permission: "devices:edit",
    params: idParams,
    response: sampleSignatureDto,
  },
  (ctx, { params }) => testSignature(ctx, { deviceId: params.id }),
);
