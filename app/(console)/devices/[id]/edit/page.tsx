import type { Metadata } from "next";
import { EditForm } from "@/components/devices/edit-form";
import { MayNotEdit } from "@/components/devices/may-not-edit";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { updateDeviceAction } from "../../actions";
import { crumbsOf, readDevice } from "../read-device";

export const metadata: Metadata = { title: "Edit device" };

export default async function EditDevicePage({ params }: { params: Promise<{ id: string }> }) {
  const { ctx, device } = await readDevice(params);
  return (
    <>
      <PageHeader title="Edit" crumbs={crumbsOf(device)} />
      {can(ctx.actor, "devices:edit") ? <EditForm device={device} save={updateDeviceAction} /> : <MayNotEdit />}
    </>
  );
}
