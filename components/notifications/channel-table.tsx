"use client";

import Link from "next/link";
import { useMemo } from "react";
import { type Column, DataTable } from "@/components/ui/data-table";
import { State } from "@/components/ui/state";
import { Age } from "@/components/ui/time";
import type { ChannelFormOptions } from "@/lib/notifications/channels/form-options";
import type { ChannelLine } from "@/lib/notifications/channels/queries";
import { ChannelActions, type ChannelVerbs } from "./channel-actions";
import { kindWords, messageState } from "./words";

/** Where messages go, and how the last one fared. */
export function ChannelTable(props: {
  channels: readonly ChannelLine[];
  options: ChannelFormOptions;
  verbs: ChannelVerbs;
}) {
  const { channels, options, verbs } = props;
  const columns = useMemo(() => columnsOf(options, verbs), [options, verbs]);
  return <DataTable label="Channels" columns={columns} rows={channels} twoLines />;
}

function columnsOf(options: ChannelFormOptions, verbs: ChannelVerbs): readonly Column<ChannelLine>[] {
  const labels = new Map(options.incidentKinds.map(({ kind, label }) => [kind, label]));
  return [
    {
      id: "name",
      header: "Channel",
      list: 1,
      cell: (channel) => (
        <span className="two">
          <b>{channel.name}</b>
          <span>
            {kindWords[channel.kind].label}, <code>{channel.targetHint}</code>
          </span>
        </span>
      ),
    },
    {
      id: "kinds",
      header: "Told of",
      drop: 1,
      cell: (channel) => {
        const words = channel.kinds.map((kind) => labels.get(kind) ?? kind);
        const all = [...words, ...(channel.sendsHealed ? ["Healed"] : [])];
        return <span className="block whitespace-normal py-2">{all.join(", ")}</span>;
      },
    },
    {
      id: "state",
      header: "State",
      list: 2,
      cell: (channel) =>
        channel.isPaused ? <State state="paused">Paused</State> : <State state="succeeded">Active</State>,
    },
    {
      id: "last",
      header: "Last message",
      list: 3,
      cell: (channel) => <LastMessage last={channel.last} />,
    },
    {
      id: "actions",
      header: <span className="sr">Actions</span>,
      right: true,
      list: 3,
      cell: (channel) => <ChannelActions channel={channel} options={options} verbs={verbs} />,
    },
  ];
}

function LastMessage({ last }: { last: ChannelLine["last"] }) {
  if (!last) return <span className="qq">none yet</span>;
  const { state, word } = messageState(last);
  return (
    <span className="row">
      <Link className="link" href={`/settings/notifications?message=${last.id}`} scroll={false}>
        <State state={state} ink>
          {word}
        </State>
      </Link>
      <span className="qq">
        <Age at={last.at} />
      </span>
    </span>
  );
}
