"use client";

import Link from "next/link";
import { parseAsString, useQueryStates } from "nuqs";
import { useMemo, useTransition } from "react";
import { Card, CardHead } from "@/components/ui/card";
import { type Column, DataTable } from "@/components/ui/data-table";
import { Empty } from "@/components/ui/empty";
import { Num } from "@/components/ui/num";
import { Pager } from "@/components/ui/pager";
import { Segmented } from "@/components/ui/segmented";
import { State } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import type { Action } from "@/lib/action";
import type { MessageDto, MessageLine } from "@/lib/notifications/delivery/queries";
import { MessageDrawer } from "./message-drawer";
import { kindWords, messageState } from "./words";

const path = "/settings/notifications";

/** Every message and how it fared. The opened one is in the URL. */
export function MessageLog(props: {
  messages: readonly MessageLine[];
  nextCursor: string | null;
  opened: MessageDto | null;
  retry: Action<MessageDto>;
}) {
  const { messages, nextCursor, opened, retry } = props;
  const [isPending, startTransition] = useTransition();
  const [query, setQuery] = useQueryStates(
    { state: parseAsString, cursor: parseAsString, message: parseAsString },
    { shallow: false, startTransition, history: "push", scroll: false },
  );
  const columns = useMemo(() => columnsOf(query.state), [query.state]);
  const filtered = hrefOf({ state: query.state });
  return (
    <Card aria-busy={isPending || undefined}>
      <CardHead
        title="Delivery log"
        rule
        wrap
        end={
          <Segmented
            small
            label="Messages"
            value={query.state ?? "all"}
            options={[
              { value: "all", label: "All", href: hrefOf({}) },
              { value: "failed", label: "Not delivered", href: hrefOf({ state: "failed" }) },
              { value: "pending", label: "Waiting", href: hrefOf({ state: "pending" }) },
            ]}
          />
        }
      />
      {messages.length === 0 ? (
        <Empty title={query.state ? "No such message" : "No message yet"}>
          {query.state
            ? "Messages are kept in all states: choose All."
            : "The first one comes when a meter is late, a task failed or a quota is spent; or send a test."}
        </Empty>
      ) : (
        <>
          <DataTable label="Delivery log" columns={columns} rows={messages} twoLines currentId={opened?.id} />
          <Pager
            previous={query.cursor ? filtered : null}
            next={nextCursor ? hrefOf({ state: query.state, cursor: nextCursor }) : null}
          >
            {messages.length} messages, newest first
          </Pager>
        </>
      )}
      <MessageDrawer key={opened?.id} message={opened} retry={retry} onClose={() => void setQuery({ message: null })} />
    </Card>
  );
}

function hrefOf(query: Record<string, string | null>): string {
  const params = new URLSearchParams(Object.entries(query).flatMap(([key, value]) => (value ? [[key, value]] : [])));
  return params.size > 0 ? `${path}?${params}` : path;
}

function columnsOf(state: string | null): readonly Column<MessageLine>[] {
  return [
    {
      id: "title",
      header: "Message",
      list: 1,
      cell: (message) => (
        <span className="two whitespace-normal py-2">
          <b>
            <Link href={hrefOf({ state, message: message.id })} scroll={false}>
              {message.title}
            </Link>
          </b>
          <span>
            {kindWords[message.channelKind].label}, {message.channelName}
          </span>
        </span>
      ),
    },
    {
      id: "state",
      header: "State",
      list: 2,
      cell: (message) => {
        const { state: mark, word } = messageState({ state: message.state, attempts: message.attemptCount });
        return (
          <State state={mark} ink>
            {word}
          </State>
        );
      },
    },
    {
      id: "answer",
      header: "Last answer",
      clip: true,
      list: 3,
      cell: (message) => (
        <span className="q" title={message.lastMessage ?? undefined}>
          {message.lastMessage ?? "–"}
        </span>
      ),
    },
    {
      id: "attempts",
      header: "Tries",
      right: true,
      drop: 1,
      cell: (message) => <Num value={message.attemptCount} decimals={0} />,
    },
    {
      id: "next",
      header: "Next try",
      drop: 2,
      cell: (message) =>
        message.state === "pending" && message.nextAttemptAt ? (
          <Time at={message.nextAttemptAt} />
        ) : (
          <span className="qq">none</span>
        ),
    },
    { id: "at", header: "Made", right: true, list: 3, cell: (message) => <Time at={message.createdAt} /> },
  ];
}
