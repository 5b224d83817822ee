import type { Metadata } from "next";
import { DeviceForm } from "@/components/devices/device-form";
import { MayNotEdit } from "@/components/devices/may-not-edit";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { previewDeviceAction, replaceDeviceConfigAction } from "../../actions";
import { crumbsOf, readDevice } from "../read-device";

export const metadata: Metadata = { title: "Replace the config" };

export default async function ReplaceConfigPage({ params }: { params: Promise<{ id: string }> }) {
  const { ctx, device } = await readDevice(params);
  const { id, name, version, guardianUrl, hasSchema } = device;
  return (
    <>
      <PageHeader title="Replace the config" crumbs={crumbsOf(device)} />
      {can(ctx.actor, "devices:edit") ? (
        <DeviceForm
          device={{ id, name, version, guardianUrl, hasSchema }}
          save={replaceDeviceConfigAction}
          preview={previewDeviceAction}
        />
      ) : (
        <MayNotEdit />
      )}
    </>
  );
}
