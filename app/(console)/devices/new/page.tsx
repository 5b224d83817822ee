import type { Metadata } from "next";
import { DeviceForm } from "@/components/devices/device-form";
import { MayNotEdit } from "@/components/devices/may-not-edit";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { createDeviceAction, previewDeviceAction } from "../actions";

export const metadata: Metadata = { title: "Add device" };

export default async function NewDevicePage() {
  const actor = await requireActor();
  return (
    <>
      <PageHeader title="Add device" crumbs={[{ href: "/devices", label: "Devices" }]} />
      {can(actor, "devices:edit") ? (
        <DeviceForm device={null} save={createDeviceAction} preview={previewDeviceAction} />
      ) : (
        <MayNotEdit />
      )}
    </>
  );
}
