"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { RecordSummary } from "@/lib/mrv/schemas";
import { ReasonDialog } from "./reason-dialog";

export interface RecordVerbs {
  decideUnknown: Action<RecordSummary>;
  resubmit: Action<RecordSummary>;
}

interface Doing {
  title: string;
  confirm: string;
  help: string;
  words: string;
  isDanger?: boolean;
  done: string;
  run: (reason: string) => ReturnType<Action<unknown>>;
}

/** A button that asks for a reason before it does anything, and says afterwards what was done. */
function AskAndDo(props: { label: string; primary?: boolean; doing: Doing }) {
  const { label, primary, doing } = props;
  const router = useRouter();
  const toast = useToast();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant={primary ? "primary" : "default"} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <ReasonDialog
        title={doing.title}
        help={doing.help}
        confirm={doing.confirm}
        isDanger={doing.isDanger}
        open={isOpen}
        onOpenChange={setOpen}
        decide={async (reason) => {
          const answer = await doing.run(reason);
          if (!answer.ok) return answer.fields.reason ?? answer.message;
          toast({ title: doing.done });
          router.refresh();
          return null;
        }}
      >
        <p>{doing.words}</p>
      </ReasonDialog>
    </>
  );
}

const IN_THE_LOG = "Stands in the activity log with your name.";

/** The two ends of a record of which nobody knows whether it arrived. */
export function UnknownDecision({ recordId, decide }: { recordId: string; decide: RecordVerbs["decideUnknown"] }) {
  return (
    <>
      <AskAndDo
        label="It arrived"
        doing={{
          title: "The policy has this record?",
          confirm: "It arrived",
          help: "Say where you saw it. Stands in the activity log with your name.",
          words:
            "It then counts as submitted, and is never sent again. Look for the credential's id in the policy first.",
          done: "Written down as submitted",
          run: (reason) => decide(null, { recordId, hasArrived: true, reason }),
        }}
      />
      <AskAndDo
        label="It did not arrive"
        doing={{
          title: "The policy does not have this record?",
          confirm: "It did not arrive",
          help: "Say how you know. Stands in the activity log with your name.",
          words:
            "It then counts as failed, and may be submitted again with the same bytes. If it had arrived after all, the policy would have it twice.",
          isDanger: true,
          done: "Written down as not arrived",
          run: (reason) => decide(null, { recordId, hasArrived: false, reason }),
        }}
      />
    </>
  );
}

export function Resubmit({ recordId, resubmit }: { recordId: string; resubmit: RecordVerbs["resubmit"] }) {
  return (
    <AskAndDo
      label="Submit again"
      doing={{
        title: "Submit this record again?",
        confirm: "Submit again",
        help: `Say what was mended. ${IN_THE_LOG}`,
        words: "The same signed bytes are sent to the device's address, as soon as a place is free.",
        done: "It is sent again",
        run: (reason) => resubmit(null, { recordId, reason }),
      }}
    />
  );
}

/** For `reextractRecord`: a new record takes this one's place. */
export function Reextract({ recordId, reextract }: { recordId: string; reextract: Action<{ taskId: string }> }) {
  return (
    <AskAndDo
      label="Extract again"
      doing={{
        title: "Extract this period again?",
        confirm: "Extract again",
        help: `Say why. ${IN_THE_LOG}`,
        words:
          "A new record is made of the readings as they are now, and checked. It takes the place of this one, which stays to be read.",
        done: "The period is extracted again",
        run: (reason) => reextract(null, { recordId, reason }),
      }}
    />
  );
}

/** For `acknowledgeRestatement`: of the figures that are shown, which is why it names when they were seen. */
export function Acknowledge(props: { recordId: string; seenAt: string; acknowledge: Action<RecordSummary> }) {
  const { recordId, seenAt, acknowledge } = props;
  return (
    <AskAndDo
      label="Acknowledge"
      doing={{
        title: "Acknowledge this restatement?",
        confirm: "Acknowledge",
        help: `Say why it may stay. ${IN_THE_LOG}`,
        words:
          "The record stays what it is, and what was submitted, too. It shows both figures and your reason, and needs nobody until its readings change once more.",
        done: "Restatement acknowledged",
        run: (reason) => acknowledge(null, { recordId, seenAt, reason }),
      }}
    />
  );
}

/** For `correctRecord`: a record beside this one, which is out. */
export function Correct({ recordId, correct }: { recordId: string; correct: Action<{ taskId: string }> }) {
  return (
    <AskAndDo
      label="Make a correcting record"
      doing={{
        title: "Make a correcting record?",
        confirm: "Make it",
        help: `Say why. ${IN_THE_LOG}`,
        words:
          "A record of its own is made of the readings as they are now, and waits for review. What was submitted stays what it is; the correction names it.",
        done: "A correcting record is being made",
        run: (reason) => correct(null, { recordId, reason }),
      }}
    />
  );
}
