"use client";

import { useRouter } from "next/navigation";
import { parseAsString, useQueryState } from "nuqs";
import { useEffect, useEffectEvent, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Drawer } from "@/components/ui/dialog";
import { formatNumber } from "@/components/ui/format";
import { Note } from "@/components/ui/note";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useToast } from "@/components/ui/toast";
import type { Action } from "@/lib/action";
import type { UploadDto, UploadPlan } from "@/lib/uploads/schemas";
import { startWords } from "../tasks/start-words";
import { ChooseFiles } from "./choose-files";
import { PlanView } from "./plan-view";

export interface UploadVerbs {
  plan: Action<UploadPlan>;
  start: Action<UploadDto[]>;
  discard: Action<UploadDto>;
}

/** `new`, or the uploads whose preview is open. */
export const uploadParameter = "upload";

/**
 * A file by hand, in two steps: it is sent into the archive, then what it would do is shown, and only a second press ingests it. Which
 * uploads are looked at is in the address, so that a page that was left in between goes on where it was.
 */
export function UploadDrawer(
  props: UploadVerbs & { meterId: string; meterName: string; meterType: string; timezone: string },
) {
  const { meterId, meterName, plan, start, discard } = props;
  const [asked, setAsked] = useQueryState(uploadParameter, parseAsString);
  const [shown, setShown] = useState<UploadPlan | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, startTransition] = useTransition();
  const router = useRouter();
  const toast = useToast();
  const uploadIds = asked && asked !== "new" ? asked.split(",") : [];
  const close = () => {
    setAsked(null);
    setShown(null);
    setFailure(null);
    router.refresh();
  };
  const look = useEffectEvent(() =>
    startTransition(async () => {
      setFailure(null);
      setShown(null);
      const answer = await plan(null, { meterId, uploadIds });
      if (answer.ok) setShown(answer.data);
      else setFailure(answer.message);
    }),
  );
  useEffect(() => {
    if (asked && asked !== "new") look();
  }, [asked]);

  const ingest = () =>
    startTransition(async () => {
      const answer = await start(null, { meterId, uploadIds, planToken: shown?.planToken ?? "" });
      if (!answer.ok) return setFailure(answer.message);
      const [first] = answer.data;
      toast({
        title: first?.taskCount === 1 ? "1 task made" : `${formatNumber(first?.taskCount ?? 0)} tasks made`,
        detail: startWords(answer),
        ...(first?.jobId && { link: { href: `/jobs/${first.jobId}`, label: "Follow" } }),
      });
      close();
    });
  const drop = () =>
    startTransition(async () => {
      for (const uploadId of uploadIds) {
        const answer = await discard(null, { uploadId });
        if (!answer.ok) return setFailure(answer.message);
      }
      toast({ title: "Discarded", detail: "Nothing of it was ingested." });
      close();
    });

  const isChoosing = asked === "new";
  return (
    <Drawer
      title={`Upload to ${meterName}`}
      open={asked !== null}
      onOpenChange={(open) => !open && close()}
      wide
      footer={
        isChoosing ? undefined : (
          <>
            <Button variant="quiet" busy={isBusy} onClick={drop}>
              Discard
            </Button>
            {failure !== null && (
              <Button busy={isBusy} onClick={() => look()}>
                Look again
              </Button>
            )}
            {shown && !shown.refusal && failure === null && (
              <Button variant="primary" busy={isBusy} onClick={ingest}>
                Ingest {formatNumber(shown.new + shown.changed)}{" "}
                {shown.new + shown.changed === 1 ? "reading" : "readings"}
              </Button>
            )}
          </>
        )
      }
    >
      {isChoosing && (
        <ChooseFiles
          meterId={meterId}
          meterType={props.meterType}
          onReceived={(ids) => {
            setAsked(ids.join(","));
          }}
        />
      )}
      {!isChoosing && failure !== null && (
        <Note state="failed" role="alert" title="This cannot be ingested as it stands">
          {failure}
        </Note>
      )}
      {!isChoosing && !shown && failure === null && (
        <div aria-busy="true">
          <p className="q" role="status">
            Reading what was uploaded, as the meter would…
          </p>
          <SkeletonRows rows={6} />
        </div>
      )}
      {!isChoosing && shown && <PlanView plan={shown} timezone={props.timezone} />}
    </Drawer>
  );
}
