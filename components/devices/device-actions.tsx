"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Menu, MenuItem, MenuLink, MenuRule } from "@/components/ui/menu";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { SampleSignature } from "@/lib/devices/schemas";
import { SignatureOutcome } from "./signature-outcome";

/** Test, edit and the rest, at the head of a device's page, for who may change it. */
export function DeviceActions(props: {
  deviceId: string;
  name: string;
  /** Names of the meters that are detached with it. */
  meters: readonly string[];
  test: Action<SampleSignature>;
  archive: Action<{ message: string }>;
}) {
  const { deviceId, name, meters, test, archive } = props;
  const router = useRouter();
  const toast = useToast();
  const [signature, setSignature] = useState<SampleSignature | null>(null);
  const [isArchiving, setArchiving] = useState(false);
  const [isBusy, startTransition] = useTransition();
  const refused = (message: string) => toast({ title: "Refused", detail: message, state: "failed" });

  const runTest = () =>
    startTransition(async () => {
      const answer = await test(null, { deviceId });
      if (answer.ok) setSignature(answer.data);
      else refused(answer.message);
    });
  const runArchive = () =>
    startTransition(async () => {
      const answer = await archive(null, { deviceId });
      if (!answer.ok) return refused(answer.message);
      toast({ title: "Device archived", detail: answer.data.message });
      router.push("/devices");
    });

  return (
    <>
      <Menu align="end" trigger={<Button icon="more" aria-label="More" />}>
        <MenuLink icon="upload" href={`/devices/${deviceId}/config`}>
          Replace the config
        </MenuLink>
        <MenuLink icon="activity" href={`/activity?object=${deviceId}`}>
          What was done to it
        </MenuLink>
        <MenuRule />
        <MenuItem danger onSelect={() => setArchiving(true)}>
          Archive
        </MenuItem>
      </Menu>
      <LinkButton href={`/devices/${deviceId}/edit`} icon="edit">
        Edit
      </LinkButton>
      <Button variant="primary" icon="key" busy={isBusy && !isArchiving} onClick={runTest}>
        Test signature
      </Button>
      <Dialog
        title="Test signature"
        wide
        open={signature !== null}
        onOpenChange={(open) => !open && setSignature(null)}
        footer={
          <DialogClose>
            <Button>Close</Button>
          </DialogClose>
        }
      >
        {signature && <SignatureOutcome signature={signature} />}
      </Dialog>
      <Dialog
        title={`Archive ${name}?`}
        open={isArchiving}
        onOpenChange={setArchiving}
        footer={
          <>
            <DialogClose>
              <Button>Keep</Button>
            </DialogClose>
            <Button variant="danger-solid" busy={isBusy} onClick={runArchive}>
              Archive device
            </Button>
          </>
        }
      >
        <p>Nothing is signed with its key any more, and it cannot be brought back from this console.</p>
        <ul className="dots">
          <li>
            {meters.length === 0
              ? "No meter is attached to it."
              : `${meters.length === 1 ? "Its meter is detached" : `Its ${meters.length} meters are detached`}: ${meters.join(", ")}.`}
          </li>
          <li>Its DID and policy are free for another device.</li>
          <li>What it signed stays, and so do the readings of its meters.</li>
        </ul>
      </Dialog>
    </>
  );
}
