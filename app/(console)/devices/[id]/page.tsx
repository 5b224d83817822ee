import type { Metadata } from "next";
import { DeviceActions } from "@/components/devices/device-actions";
import { DeviceFacts } from "@/components/devices/device-facts";
import { Did } from "@/components/devices/device-table";
import { FieldList } from "@/components/devices/field-list";
import { MetersCard } from "@/components/devices/meters-card";
import { RecordsCard } from "@/components/mrv/records-card";
import { Live } from "@/components/shell/live";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { Icon } from "@/components/ui/icon";
import { Note } from "@/components/ui/note";
import { PageHeader } from "@/components/ui/page-header";
import { Badge } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import { can } from "@/lib/auth/actor";
import { attachableMeters } from "@/lib/devices/queries";
import { listRecords } from "@/lib/mrv/queries/records";
import { archiveDeviceAction, attachMetersAction, detachMeterAction, testSignatureAction } from "../actions";
import { readDevice } from "./read-device";

export const metadata: Metadata = { title: "Device" };

const RECORDS_SHOWN = 10;

export default async function DevicePage({ params }: { params: Promise<{ id: string }> }) {
  const { ctx, device } = await readDevice(params);
  const canEdit = can(ctx.actor, "devices:edit") && device.archivedAt === null;
  const free = canEdit ? await attachableMeters(ctx) : [];
  const records = await listRecords(ctx, { deviceId: device.id, limit: RECORDS_SHOWN });
  return (
    <>
      <PageHeader
        title={device.name}
        crumbs={[{ href: "/devices", label: "Devices" }]}
        badge={device.archivedAt ? <Badge state="cancelled">Archived</Badge> : undefined}
        state={
          <>
            <Did did={device.did} of={device.name} />
            <span>
              Policy <code className="q">{device.policyId}</code>
            </span>
            <span className="qq">{device.policyTag}</span>
          </>
        }
        actions={
          canEdit ? (
            <DeviceActions
              deviceId={device.id}
              name={device.name}
              meters={device.meters.map(({ name }) => name)}
              test={testSignatureAction}
              archive={archiveDeviceAction}
            />
          ) : undefined
        }
      />
      <div className="cols">
        <div className="c7 stack">
          <Card>
            <CardHead title="MRV config" note="what records are signed and sent with" rule />
            <CardBody className="narrow">
              <DeviceFacts read={device}>
                <dt>Private key</dt>
                <dd>
                  <span className="row">
                    <Icon name="lock" small /> stored encrypted, never shown
                  </span>
                </dd>
                <dt>Added</dt>
                <dd>
                  <Time at={device.createdAt} style="full" />
                </dd>
                <dt>Last change</dt>
                <dd>
                  <Time at={device.updatedAt} style="full" />, version {device.version}
                </dd>
              </DeviceFacts>
            </CardBody>
          </Card>
          <Card>
            <CardHead
              title="Fields of the credential"
              note={device.hasSchema ? "by the JSON schema" : "by the context alone"}
              rule
            />
            {device.fields.length > 0 ? (
              <FieldList fields={device.fields} />
            ) : (
              <Empty title="The type has no fields">Replace the config with one whose context has terms.</Empty>
            )}
          </Card>
        </div>
        <div className="c5 stack">
          <MetersCard
            device={{ id: device.id, name: device.name, meters: device.meters }}
            free={free}
            verbs={canEdit ? { attach: attachMetersAction, detach: detachMeterAction } : null}
          />
          {device.notices.length > 0 && (
            <Card>
              <CardHead title="Said of its config" rule />
              <CardBody className="connection">
                {device.notices.map((notice) => (
                  <Note key={notice}>
                    <p className="wrap-anywhere">{notice}</p>
                  </Note>
                ))}
              </CardBody>
            </Card>
          )}
        </div>
      </div>
      <RecordsCard
        records={records.items}
        hasMore={records.nextCursor !== null}
        href={`/mrv/records?device=${device.id}`}
        hidden={["device"]}
        empty="An MRV job of one of its meters makes a record of each period, which this device signs."
      />
      <Live seconds={30} />
    </>
  );
}
