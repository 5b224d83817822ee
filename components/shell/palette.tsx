"use client";

import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { useRouter } from "next/navigation";
import { Fragment, type KeyboardEvent, useEffect, useId, useState } from "react";
import type { Permission } from "@/lib/auth/roles";
import { periodWords, recordLooks } from "../mrv/record-words";
import { Icon, type IconName } from "../ui/icon";
import { Kbd } from "../ui/kbd";
import { mayLeaveFor } from "../ui/leave-guard";
import { entriesFor } from "./navigation";
import { type ShellActions, useShellActions } from "./shell-actions";

interface Hit {
  href: string;
  label: string;
  note?: string;
  icon: IconName;
  group: string;
}

/** ⌘K: pages, and meters, devices, jobs and records by what is typed. */
export function Palette({
  allowed,
  open,
  onOpenChange,
}: {
  allowed: readonly Permission[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="scrim" />
        <BaseDialog.Popup className="dialog pal" data-holds-refresh="" aria-label="Find">
          <Finder allowed={allowed} onClose={() => onOpenChange(false)} />
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

function Finder({ allowed, onClose }: { allowed: readonly Permission[]; onClose: () => void }) {
  const router = useRouter();
  const id = useId();
  const [text, setText] = useState("");
  const { hits, isReading, failed } = useHits(text, allowed);
  const [position, setPosition] = useState(0);
  const current = Math.min(position, hits.length - 1);

  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    if (mayLeaveFor(hit.href)) router.push(hit.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") go(hits[current]);
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    setPosition((current + step + hits.length) % Math.max(1, hits.length));
  };

  return (
    <>
      <div className="qi">
        <Icon name="search" />
        <input
          role="combobox"
          aria-label="Find meters, devices, jobs, records and pages"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={hits[current] ? `${id}-${current}` : undefined}
          placeholder="Find a meter, a device, a job, a record or a page"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setPosition(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className="list" role="listbox" aria-label="Found" id={`${id}-list`}>
        {hits.map((hit, index) => (
          <Fragment key={hit.href}>
            {hits[index - 1]?.group !== hit.group && (
              <p className="hd4" role="presentation">
                {hit.group}
              </p>
            )}
            <div
              role="option"
              id={`${id}-${index}`}
              tabIndex={-1}
              aria-selected={index === current}
              className="opt"
              data-highlighted={index === current ? "" : undefined}
              onPointerMove={() => setPosition(index)}
              onClick={() => go(hit)}
              onKeyDown={onKeyDown}
            >
              <Icon name={hit.icon} />
              <span>{hit.label}</span>
              {hit.note && <span className="qq">{hit.note}</span>}
            </div>
          </Fragment>
        ))}
      </div>
      <p className={hits.length === 0 ? "none" : "sr"} role="status">
        {failed ?? (isReading ? "Looking…" : `${hits.length === 0 ? "Nothing" : hits.length} found`)}
      </p>
      <footer>
        <span>
          <Kbd>↑</Kbd>
          <Kbd>↓</Kbd> move
        </span>
        <span>
          <Kbd>↵</Kbd> open
        </span>
        <span>
          <Kbd>esc</Kbd> close
        </span>
      </footer>
    </>
  );
}

/** Pages at once, meters, devices, jobs and records 120 ms after the last key; what was found before stays until the new is there. */
function useHits(
  text: string,
  allowed: readonly Permission[],
): { hits: Hit[]; isReading: boolean; failed: string | null } {
  const [found, setFound] = useState<{ text: string; hits: Hit[]; failed: string | null }>({
    text: "",
    hits: [],
    failed: null,
  });
  const { find } = useShellActions();
  const asked = text.trim();
  useEffect(() => {
    if (asked === "") return;
    let isStale = false;
    const timer = setTimeout(async () => {
      const answer = await find(null, { text: asked });
      if (isStale) return;
      setFound({
        text: asked,
        hits: answer.ok ? toHits(answer.data) : [],
        failed: answer.ok ? null : answer.message,
      });
    }, 120);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [asked, find]);
  const pages = entriesFor(allowed)
    .filter((entry) => entry.label.toLowerCase().includes(asked.toLowerCase()))
    .map((entry): Hit => ({ href: entry.href, label: entry.label, icon: entry.icon, group: "Pages" }));
  const hits = asked === "" ? pages : [...found.hits, ...pages];
  return { hits, isReading: asked !== "" && found.text !== asked, failed: asked === "" ? null : found.failed };
}

function toHits(found: Everything): Hit[] {
  return [
    ...found.meters.map(
      ({ id, name, note }): Hit => ({ href: `/meters/${id}`, label: name, note, icon: "meter", group: "Meters" }),
    ),
    ...found.devices.map(
      ({ id, name, note }): Hit => ({ href: `/devices/${id}`, label: name, note, icon: "device", group: "Devices" }),
    ),
    ...found.jobs.map(
      ({ id, name, note }): Hit => ({ href: `/jobs/${id}`, label: name, note, icon: "job", group: "Jobs" }),
    ),
    ...found.records.map(
      ({ id, name, status, timezone, periodStart, periodEnd }): Hit => ({
        href: `/mrv/records/${id}`,
        label: `${periodWords(new Date(periodStart), new Date(periodEnd), timezone)}, ${name}`,
        note: recordLooks[status].word.toLowerCase(),
        icon: "record",
        group: "MRV records",
      }),
    ),
  ];
}

type Everything = Extract<Awaited<ReturnType<ShellActions["find"]>>, { ok: true }>["data"];
