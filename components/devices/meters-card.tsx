"use client";

import Link from "next/link";
import { useState, useTransition } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Combobox } from "@/components/ui/combobox";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { DeviceDto } from "@/lib/devices/schemas";

interface Verbs {
  attach: Action<DeviceDto>;
  detach: Action<DeviceDto>;
}

/** Meters whose records the device signs. `verbs` and `free` for who may change that. */
export function MetersCard(props: {
  device: Pick<DeviceDto, "id" | "name" | "meters">;
  /** Meters without a device. */
  free: readonly { id: string; name: string; type: string }[];
  verbs: Verbs | null;
}) {
  const { device, free, verbs } = props;
  return (
    <Card>
      <CardHead title="Meters" note="whose records it signs" rule />
      <CardBody className="connection">
        {device.meters.length === 0 ? (
          <p className="q">
            {verbs ? "No meter yet. Attach the one that measures what this device reports." : "No meter is attached."}
          </p>
        ) : (
          <ul aria-label="Attached meters">
            {device.meters.map((meter) => (
              <li key={meter.id} className="row">
                <Icon name="meter" />
                <Link className="link" href={`/meters/${meter.id}`}>
                  {meter.name}
                </Link>
                {verbs && (
                  <Link className="link push nw" href={`/jobs/new?meter=${meter.id}&type=mrv`}>
                    Add MRV job
                  </Link>
                )}
                {verbs && <Detach device={device} meter={meter} detach={verbs.detach} />}
              </li>
            ))}
          </ul>
        )}
        {verbs && <Attach deviceId={device.id} free={free} attach={verbs.attach} />}
      </CardBody>
    </Card>
  );
}

function Attach(props: {
  deviceId: string;
  free: readonly { id: string; name: string; type: string }[];
  attach: Action<DeviceDto>;
}) {
  const { deviceId, free, attach } = props;
  const toast = useToast();
  const [meterId, setMeterId] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, startTransition] = useTransition();
  if (free.length === 0) return <p className="help">Every meter in use has a device already.</p>;
  const run = () =>
    startTransition(async () => {
      if (meterId === null) return setError("Choose a meter first.");
      const answer = await attach(null, { deviceId, meterIds: [meterId] });
      if (!answer.ok) return setError(answer.message);
      setError(null);
      setMeterId(null);
      toast({ title: "Meter attached", detail: free.find(({ id }) => id === meterId)?.name });
    });
  return (
    <Field label="Attach a meter" help="A meter has one device at most." error={error}>
      <div className="row wrap">
        <Combobox
          options={free.map(({ id, name, type }) => ({ value: id, label: name, note: type }))}
          value={meterId}
          onChange={(id) => {
            setMeterId(id);
            setError(null);
          }}
          placeholder="Find a meter"
        />
        <Button busy={isBusy} onClick={run}>
          Attach
        </Button>
      </div>
    </Field>
  );
}

function Detach(props: {
  device: Pick<DeviceDto, "id" | "name">;
  meter: DeviceDto["meters"][number];
  detach: Action<DeviceDto>;
}) {
  const { device, meter, detach } = props;
  const toast = useToast();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, startTransition] = useTransition();
  const run = () =>
    startTransition(async () => {
      const answer = await detach(null, { deviceId: device.id, meterId: meter.id });
      setAsking(false);
      if (answer.ok) toast({ title: "Meter detached", detail: meter.name });
      else toast({ title: "Refused", detail: answer.message, state: "failed" });
    });
  return (
    <span className="push">
      <IconButton icon="close" label={`Detach ${meter.name}`} onClick={() => setAsking(true)} />
      <Dialog
        title={`Detach ${meter.name}?`}
        open={isAsking}
        onOpenChange={setAsking}
        footer={
          <>
            <DialogClose>
              <Button>Keep</Button>
            </DialogClose>
            <Button variant="danger-solid" busy={isBusy} onClick={run}>
              Detach meter
            </Button>
          </>
        }
      >
        <p>
          {device.name} signs no more records of it until it is attached again. What was signed stays, and the meter
          goes on collecting.
        </p>
      </Dialog>
    </span>
  );
}
