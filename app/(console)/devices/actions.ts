"use server";

import { action } from "@/lib/action";
import { archiveDevice } from "@/lib/devices/archive-device";
import { attachMeters } from "@/lib/devices/attach-meters";
import { createDevice } from "@/lib/devices/create-device";
import { detachMeter } from "@/lib/devices/detach-meter";
import { previewDevice } from "@/lib/devices/preview-device";
import { replaceDeviceConfig } from "@/lib/devices/replace-device-config";
import {
  attachMetersInput,
  createDeviceInput,
  detachMeterInput,
  deviceIdInput,
  previewDeviceInput,
  replaceDeviceConfigInput,
  updateDeviceInput,
} from "@/lib/devices/schemas";
import { testSignature } from "@/lib/devices/test-signature";
import { updateDevice } from "@/lib/devices/update-device";

const shownOn = ({ deviceId }: { deviceId: string }) => ["/devices", `/devices/${deviceId}`];

export const createDeviceAction = action(createDeviceInput, createDevice, { revalidate: () => "/devices" });
export const previewDeviceAction = action(previewDeviceInput, previewDevice);
export const updateDeviceAction = action(updateDeviceInput, updateDevice, { revalidate: shownOn });
export const replaceDeviceConfigAction = action(replaceDeviceConfigInput, replaceDeviceConfig, { revalidate: shownOn });
export const archiveDeviceAction = action(
  deviceIdInput,
  async (ctx, input): Promise<{ message: string }> => ({ message: (await archiveDevice(ctx, input)).message }),
  { revalidate: shownOn },
);
export const attachMetersAction = action(attachMetersInput, attachMeters, { revalidate: shownOn });
export const detachMeterAction = action(detachMeterInput, detachMeter, { revalidate: shownOn });
export const testSignatureAction = action(deviceIdInput, testSignature);
