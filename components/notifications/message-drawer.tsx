"use client";

import { useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Drawer } from "@/components/ui/dialog";
import { Note } from "@/components/ui/note";
import { Pre } from "@/components/ui/pre";
import { Badge, State } from "@/components/ui/state";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { MessageDto } from "@/lib/notifications/delivery/queries";
import { kindWords, messageState, outcomeWords } from "./words";

/** One message: what it says, and each try to deliver it. */
export function MessageDrawer(props: { message: MessageDto | null; retry: Action<MessageDto>; onClose: () => void }) {
  const { message, retry, onClose } = props;
  const toast = useToast();
  const [isBusy, start] = useTransition();
  if (!message) return null;
  const { state, word } = messageState({ state: message.state, attempts: message.attemptCount });
  const again = () =>
    start(async () => {
      const answer = await retry(null, { messageId: message.id });
      if (!answer.ok) toast({ title: "Refused", detail: answer.message, state: "failed" });
      else if (answer.data.state === "delivered") toast({ title: "Delivered", detail: answer.data.title });
      else toast({ title: "Not delivered", detail: answer.data.lastMessage ?? undefined, state: "failed" });
    });
  return (
    <Drawer
      title={message.title}
      open
      onOpenChange={(open) => !open && onClose()}
      footer={
        message.state !== "delivered" && (
          <Button icon="retry" busy={isBusy} onClick={again}>
            Try again now
          </Button>
        )
      }
    >
      <p className="row">
        <Badge state={state}>{word}</Badge>
        <span className="q">
          {kindWords[message.channelKind].label}, {message.channelName}
        </span>
      </p>
      {message.content.note && <Note>{message.content.note}</Note>}
      {message.content.changes.map((change) => (
        <section key={`${change.kind} ${change.change}`}>
          <b>{change.title}</b>
          <ul className="dots">
            {change.subjects.map((subject) => (
              <li key={subject.url}>
                {subject.name}
                {change.change !== "healed" && (
                  <>
                    , since <Time at={subject.since} />
                  </>
                )}
              </li>
            ))}
            {change.count > change.subjects.length && (
              <li className="q">and {change.count - change.subjects.length} more</li>
            )}
          </ul>
        </section>
      ))}
      <dl className="kv">
        <dt>Made</dt>
        <dd>
          <Time at={message.createdAt} style="full" named />
        </dd>
        {message.state === "pending" && message.nextAttemptAt && (
          <>
            <dt>Next try</dt>
            <dd>
              <Time at={message.nextAttemptAt} style="full" />, given up <Time at={message.giveUpAt} />
            </dd>
          </>
        )}
        <dt>Delivery id</dt>
        <dd>
          <code>{message.id}</code>
        </dd>
      </dl>
      <h3 className="strong">{message.attempts.length === 1 ? "One try" : `${message.attempts.length} tries`}</h3>
      {[...message.attempts].reverse().map((attempt) => (
        <Attempt key={attempt.number} attempt={attempt} />
      ))}
    </Drawer>
  );
}

function Attempt({ attempt }: { attempt: MessageDto["attempts"][number] }) {
  const { state, word } = outcomeWords(attempt.outcome);
  return (
    <div className="try">
      <p className="row">
        <State state={state} ink>
          {word}
          {attempt.status !== null && ` ${attempt.status}`}
        </State>
        <span className="qq push">
          <Time at={attempt.startedAt} seconds />
          {attempt.durationMs !== null && `, ${attempt.durationMs} ms`}
        </span>
      </p>
      {attempt.message && <p className="q">{attempt.message}</p>}
      {attempt.answer && <Pre>{attempt.answer}</Pre>}
    </div>
  );
}
