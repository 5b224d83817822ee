"use client";

import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Menu, MenuItem, MenuRule } from "@/components/ui/menu";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { ChannelFormOptions } from "@/lib/notifications/channels/form-options";
import type { ChannelDto, ChannelWithSecret } from "@/lib/notifications/channels/internal";
import type { ChannelLine } from "@/lib/notifications/channels/queries";
import type { MessageDto } from "@/lib/notifications/delivery/queries";
import { ChannelDialog } from "./channel-dialog";

export interface ChannelVerbs {
  update: Action<ChannelWithSecret>;
  remove: Action<ChannelDto>;
  test: Action<MessageDto>;
}

/** A test, and behind a menu what is seldom done. */
export function ChannelActions(props: { channel: ChannelLine; options: ChannelFormOptions; verbs: ChannelVerbs }) {
  const { channel, options, verbs } = props;
  const toast = useToast();
  const [dialog, setDialog] = useState<"edit" | "remove" | null>(null);
  const [isTesting, startTest] = useTransition();
  const [isBusy, start] = useTransition();
  const refused = (detail: string) => toast({ title: "Refused", detail, state: "failed" });
  const test = () =>
    startTest(async () => {
      const answer = await verbs.test(null, { channelId: channel.id });
      if (!answer.ok) return refused(answer.message);
      const { id, state, attempts, lastMessage } = answer.data;
      const link = { href: `/settings/notifications?message=${id}`, label: "Details" };
      if (state === "delivered") {
        const duration = attempts.at(-1)?.durationMs;
        toast({ title: "Test delivered", detail: `${lastMessage} In ${duration} ms.`, link });
      } else toast({ title: "Test not delivered", detail: lastMessage ?? undefined, state: "failed", link });
    });
  const pause = () =>
    start(async () => {
      const answer = await verbs.update(null, { channelId: channel.id, isPaused: !channel.isPaused });
      if (!answer.ok) return refused(answer.message);
      toast({ title: channel.isPaused ? "Channel resumed" : "Channel paused", detail: channel.name });
    });
  const remove = () =>
    start(async () => {
      const answer = await verbs.remove(null, { channelId: channel.id });
      setDialog(null);
      if (answer.ok) toast({ title: "Channel removed", detail: channel.name });
      else refused(answer.message);
    });
  return (
    <span className="row justify-end">
      <Button small busy={isTesting} aria-label={`Send a test to ${channel.name}`} onClick={test}>
        Send a test
      </Button>
      <Menu
        align="end"
        trigger={<Button small icon="more" aria-label={`More actions of ${channel.name}`} busy={isBusy} />}
      >
        <MenuItem icon="edit" onSelect={() => setDialog("edit")}>
          Edit
        </MenuItem>
        <MenuItem icon={channel.isPaused ? "retry" : "pause"} onSelect={pause}>
          {channel.isPaused ? "Resume" : "Pause"}
        </MenuItem>
        <MenuRule />
        <MenuItem danger icon="close" onSelect={() => setDialog("remove")}>
          Remove
        </MenuItem>
      </Menu>
      <ChannelDialog
        title={channel.name}
        options={options}
        channel={channel}
        save={verbs.update}
        isOpen={dialog === "edit"}
        onClose={() => setDialog(null)}
      />
      <Dialog
        title={`Remove ${channel.name}`}
        open={dialog === "remove"}
        onOpenChange={(open) => setDialog(open ? "remove" : null)}
        footer={
          <>
            <DialogClose>
              <Button>Keep</Button>
            </DialogClose>
            <Button variant="danger-solid" busy={isBusy} onClick={remove}>
              Remove channel
            </Button>
          </>
        }
      >
        <p>
          Its address and its delivery log go with it, and messages that wait for another try are not sent. To stop it
          for a while, pause it.
        </p>
      </Dialog>
    </span>
  );
}
