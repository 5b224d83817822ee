"use client";

import { Combobox as BaseCombobox } from "@base-ui/react/combobox";
import { useEffect, useState } from "react";
import { useShellActions } from "@/components/shell/shell-actions";
import { Icon } from "@/components/ui/icon";
import { usePortalContainer } from "@/components/ui/portal";

interface Hit {
  kind: "meter" | "job";
  id: string;
  name: string;
  note: string;
}

/** Finds a meter or a job by what is typed; the list is asked for, as fleets are long. */
export function FindFilter(props: { onMeter: (id: string) => void; onJob: (id: string) => void }) {
  const { find } = useShellActions();
  const [text, setText] = useState("");
  const [found, setFound] = useState<{ text: string; hits: Hit[] }>({ text: "", hits: [] });
  const asked = text.trim();
  useEffect(() => {
    if (asked === "") return;
    let isStale = false;
    const timer = setTimeout(async () => {
      const answer = await find(null, { text: asked });
      if (isStale || !answer.ok) return;
      const hits = [
        ...answer.data.meters.map((meter): Hit => ({ kind: "meter", ...meter })),
        ...answer.data.jobs.map((job): Hit => ({ kind: "job", ...job })),
      ];
      setFound({ text: asked, hits });
    }, 150);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [asked, find]);
  const hits = asked === "" ? [] : found.hits;
  return (
    <BaseCombobox.Root
      items={hits}
      filter={null}
      value={null as Hit | null}
      inputValue={text}
      onInputValueChange={setText}
      itemToStringLabel={(hit: Hit) => hit.name}
      onValueChange={(hit: Hit | null) => {
        if (!hit) return;
        if (hit.kind === "meter") props.onMeter(hit.id);
        else props.onJob(hit.id);
      }}
      autoHighlight
    >
      <span className="with-ic">
        <Icon name="search" />
        <BaseCombobox.Input className="in" placeholder="Meter or job" aria-label="Tasks of a meter or job" />
      </span>
      <BaseCombobox.Portal container={usePortalContainer()}>
        <BaseCombobox.Positioner className="layer" sideOffset={4}>
          <BaseCombobox.Popup className="popup" data-holds-refresh="">
            <BaseCombobox.Empty>
              <p className="none">
                {asked === "" ? "Type a name, an id or an NMI" : found.text === asked ? "Nothing found" : "Looking…"}
              </p>
            </BaseCombobox.Empty>
            <BaseCombobox.List>
              {(hit: Hit) => (
                <BaseCombobox.Item key={`${hit.kind} ${hit.id}`} value={hit} className="mi">
                  <Icon name={hit.kind} />
                  {hit.name}
                  <span className="end">{hit.note}</span>
                </BaseCombobox.Item>
              )}
            </BaseCombobox.List>
          </BaseCombobox.Popup>
        </BaseCombobox.Positioner>
      </BaseCombobox.Portal>
    </BaseCombobox.Root>
  );
}
