"use client";

import { useState } from "react";
import { ShownOnce } from "@/components/settings/shown-once";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { ChannelFormOptions } from "@/lib/notifications/channels/form-options";
import type { ChannelDto, ChannelWithSecret } from "@/lib/notifications/channels/internal";
import { ChannelForm } from "./channel-form";

/** The button at the head of the page, and the form behind it. */
export function AddChannel(props: { options: ChannelFormOptions; create: Action<ChannelWithSecret> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" icon="plus" onClick={() => setOpen(true)}>
        Add channel
      </Button>
      <ChannelDialog
        title="Add a channel"
        options={props.options}
        save={props.create}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
      />
    </>
  );
}

/** The form of a channel, and after it the signing secret where one was made. */
export function ChannelDialog(props: {
  title: string;
  options: ChannelFormOptions;
  channel?: ChannelDto;
  save: Action<ChannelWithSecret>;
  isOpen: boolean;
  onClose: () => void;
}) {
  const { title, options, channel, save, isOpen, onClose } = props;
  const toast = useToast();
  const [secret, setSecret] = useState<string | null>(null);
  const close = () => {
    setSecret(null);
    onClose();
  };
  return (
    <Dialog title={secret ? "The signing secret" : title} open={isOpen} onOpenChange={(open) => !open && close()}>
      {secret ? (
        <ShownOnce label="Signing secret" text={secret} onDone={close}>
          Each message carries a signature made with it: the receiver checks it, and knows who sent the message.
        </ShownOnce>
      ) : (
        <ChannelForm
          options={options}
          channel={channel}
          save={save}
          onSaved={(saved) => {
            toast({ title: channel ? "Channel changed" : "Channel added", detail: saved.channel.name });
            if (saved.secret) setSecret(saved.secret);
            else close();
          }}
        />
      )}
    </Dialog>
  );
}
