import type { Metadata } from "next";
import { createLoader, parseAsString, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { AddChannel } from "@/components/notifications/channel-dialog";
import { ChannelTable } from "@/components/notifications/channel-table";
import { MessageLog } from "@/components/notifications/message-log";
import { SettingsTabs } from "@/components/settings/settings-tabs";
import { Live } from "@/components/shell/live";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";
import { State } from "@/components/ui/state";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { messageStates } from "@/lib/db/schema/notifications";
import { InvalidInput, NotFound } from "@/lib/errors";
import { channelFormOptions } from "@/lib/notifications/channels/form-options";
import { listChannels } from "@/lib/notifications/channels/queries";
import { getMessage, listMessages } from "@/lib/notifications/delivery/queries";
import { getDb, getWorker } from "@/lib/runtime";
import {
  createChannelAction,
  deleteChannelAction,
  retryMessageAction,
  testChannelAction,
  updateChannelAction,
} from "../actions";

export const metadata: Metadata = { title: "Notifications" };

const loadQuery = createLoader({
  state: parseAsStringLiteral(messageStates),
  cursor: parseAsString,
  message: parseAsString,
});

export default async function NotificationsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  if (!can(actor, "settings:edit")) return null;
  const ctx = { db: getDb(), actor };
  const { state, cursor, message } = await loadQuery(searchParams);
  const [channels, log, opened] = await Promise.all([
    listChannels(ctx),
    listMessages(ctx, { state: state ?? undefined, cursor: cursor ?? undefined }),
    message ? getMessage(ctx, { messageId: message }).catch(asNothing) : null,
  ]);
  const options = channelFormOptions(getWorker().mail !== undefined);
  const paused = channels.filter(({ isPaused }) => isPaused).length;
  const failed = channels.reduce((sum, channel) => sum + channel.failed, 0);
  const retrying = channels.reduce((sum, channel) => sum + channel.retrying, 0);
  return (
    <>
      <PageHeader
        title="Settings"
        state={
          channels.length > 0 ? (
            <>
              {channels.length > paused && <State state="succeeded">{channels.length - paused} active</State>}
              {paused > 0 && <State state="paused">{paused} paused</State>}
              {retrying > 0 && <State state="waiting">{retrying} tried again</State>}
              {failed > 0 && <State state="failed">{failed} not delivered</State>}
            </>
          ) : undefined
        }
        actions={<AddChannel options={options} create={createChannelAction} />}
      />
      <SettingsTabs current="notifications" />
      <Card>
        {channels.length === 0 ? (
          <Empty title="No channel yet">
            A webhook, Slack or e-mail is told when meters are late, tasks failed or quotas are spent, and when that is
            over: one message for all that happens within a few minutes.
          </Empty>
        ) : (
          <ChannelTable
            channels={channels}
            options={options}
            verbs={{ update: updateChannelAction, remove: deleteChannelAction, test: testChannelAction }}
          />
        )}
      </Card>
      {channels.length > 0 && (
        <MessageLog messages={log.items} nextCursor={log.nextCursor} opened={opened} retry={retryMessageAction} />
      )}
      <Live seconds={10} />
    </>
  );
}

/** An old link to a message whose channel was removed, or no id at all, opens the page without it. */
function asNothing(error: unknown): null {
  if (error instanceof NotFound || error instanceof InvalidInput) return null;
  throw error;
}
