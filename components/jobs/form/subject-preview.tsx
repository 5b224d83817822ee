"use client";

import { useEffect, useState } from "react";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Note } from "@/components/ui/note";
import { Pre } from "@/components/ui/pre";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import type { Action, ActionState } from "@/lib/action";
import type { SubjectPreview as Preview } from "@/lib/jobs/mrv/preview-subject";
import { labelOfJobField } from "./field-words";

const BUILD_AFTER_MS = 400;

/** The credential subject as the form stands, built a little after the last key; an answer that comes late is dropped. */
export function useSubjectPreview(
  input: { meterId: string | null; settings: object } | null,
  preview: Action<Preview>,
): { built: ActionState<Preview> | null; isBuilding: boolean } {
  const [built, setBuilt] = useState<ActionState<Preview> | null>(null);
  const [isBuilding, setBuilding] = useState(false);
  const order = JSON.stringify(input);
  useEffect(() => {
    const given = JSON.parse(order);
    if (!given?.meterId) return setBuilt(null);
    let isStale = false;
    setBuilding(true);
    const timer = setTimeout(() => {
      void preview(null, given).then((answer) => {
        if (isStale) return;
        setBuilding(false);
        setBuilt(answer);
      });
    }, BUILD_AFTER_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [order, preview]);
  return { built, isBuilding };
}

/** What would be signed, with the meter's newest whole day where there is one, and where it does not fit. */
export function SubjectPreview({ built, hasSchema }: { built: ActionState<Preview> | null; hasSchema: boolean }) {
  const preview = built?.ok ? built.data : null;
  const faults = Object.entries(preview?.faults ?? {});
  return (
    <Card className="plan" aria-label="What will be signed">
      <CardHead title="What will be signed" rule />
      <CardBody>
        {!built && <Skeleton height="220px" width="100%" />}
        {built && !built.ok && <p className="q">{built.message}</p>}
        {preview && (
          <>
            {faults.length > 0 ? (
              <Note
                state="failed"
                title={
                  faults.length === 1 ? "One field needs another look" : `${faults.length} fields need another look`
                }
              >
                {faults.slice(0, 6).map(([field, sentence]) => (
                  <p key={field}>
                    {labelOfJobField(field).label}: {sentence}
                  </p>
                ))}
                {faults.length > 6 && <p>And {faults.length - 6} more, at their fields.</p>}
              </Note>
            ) : (
              <Note state="succeeded" title={hasSchema ? "Fits the policy's JSON schema" : "Every field has its value"}>
                {!hasSchema && "The device has no JSON schema to hold it against: upload it on the device's page."}
              </Note>
            )}
            {preview.document && (
              <>
                <p className="figs qq">
                  {preview.filledWith ? (
                    <>
                      Filled with the meter's newest whole day,{" "}
                      <Time at={preview.filledWith} zone={preview.timezone} style="full-date" named />
                    </>
                  ) : (
                    "Filled with a made-up day: the meter has no whole day of this metric yet"
                  )}
                </p>
                <Pre>{preview.document}</Pre>
              </>
            )}
          </>
        )}
      </CardBody>
    </Card>
  );
}
