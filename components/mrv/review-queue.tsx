"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/choices";
import { cx } from "@/components/ui/cx";
import { Input } from "@/components/ui/field";
import { formatLength, formatNumber } from "@/components/ui/format";
import { Menu, MenuChoice } from "@/components/ui/menu";
import { State } from "@/components/ui/state";
import { Count } from "@/components/ui/tag";
import { useNow } from "@/components/ui/zone";
import type { QueueItem, ReviewQueue } from "@/lib/mrv/queries/queue";
import { checkWords } from "./check-words";
import { PeriodName } from "./period-name";
import { type ReviewFilter, reviewHref } from "./review-query";

/** Before and after the open record on a phone, where the rest is behind "All in the queue". */
const NEAR = 1;
const SEARCH_AFTER_MS = 300;

/** What waits for a decision, oldest first; those with a failed check by themselves. */
export function ReviewQueueCard(props: {
  queue: ReviewQueue;
  /** The one that is shown beside it, which may wait no more. */
  recordId: string | null;
  filter: ReviewFilter;
  selected: ReadonlyMap<string, QueueItem>;
  /** Null for who may not decide. */
  onSelect: ((item: QueueItem) => void) | null;
}) {
  const { queue, recordId, filter, selected, onSelect } = props;
  const [isWhole, setWhole] = useState(false);
  const { items, total, before } = queue;
  const after = total - before - items.length;
  const current = items.findIndex(({ id }) => id === recordId);
  const firstFailed = items.findIndex(({ status }) => status === "verification_failed");
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    // Only the list moves: the page is where its reader is.
    const box = list.current;
    const row = box?.querySelector<HTMLElement>(`[data-id="${recordId}"]`);
    if (!box || !row) return;
    const bottom = row.offsetTop + row.offsetHeight;
    if (row.offsetTop < box.scrollTop) box.scrollTop = row.offsetTop;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  }, [recordId]);
  const isFar = (index: number) => Math.abs(index - Math.max(NEAR, current)) > NEAR;
  return (
    <section className="card rv-q" aria-label="Queue" data-whole={isWhole || undefined}>
      <div className="chead">
        <h2>To review</h2>
        <Count>{formatNumber(total)}</Count>
        <div className="end">
          oldest first
          <QueueFilter filter={filter} />
        </div>
      </div>
      {(filter.q !== "" || total > items.length) && <QueueSearch filter={filter} />}
      {before > 0 && (
        <Link className="rq-skip link" href={reviewHref(filter, items[0]?.id ?? null)}>
          {formatNumber(before)} before these
        </Link>
      )}
      <ul ref={list} className="rows" data-list="">
        {items.map((item, index) => (
          <li key={item.id} data-id={item.id} className={cx(isFar(index) && "far") || undefined}>
            {index === firstFailed && <p className="rq-h">Checks failed</p>}
            <Row
              item={item}
              href={reviewHref(filter, item.id)}
              isCurrent={index === current}
              isSelected={selected.has(item.id)}
              onSelect={onSelect}
            />
          </li>
        ))}
      </ul>
      {after > 0 && (
        <Link className="rq-skip link" href={reviewHref(filter, items.at(-1)?.id ?? null)}>
          {formatNumber(after)} after these
        </Link>
      )}
      {items.length > 2 * NEAR + 1 && (
        <button type="button" className="rq-more link" onClick={() => setWhole(!isWhole)} aria-expanded={isWhole}>
          {isWhole ? "Only those around it" : `All ${formatNumber(total)} in the queue`}
        </button>
      )}
      <div className="cfoot">
        <span>Bulk approval takes only records whose checks all passed</span>
      </div>
    </section>
  );
}

function Row(props: {
  item: QueueItem;
  href: string;
  isCurrent: boolean;
  isSelected: boolean;
  onSelect: ((item: QueueItem) => void) | null;
}) {
  const { item, href, isCurrent, isSelected, onSelect } = props;
  const now = useNow(60);
  const age = formatLength((now.getTime() - item.createdAt.getTime()) / 1000, { coarse: true });
  return (
    <div className="rq" data-current={isCurrent || undefined}>
      {onSelect && item.status === "verified" ? (
        <Checkbox label={`Select ${item.meterName}`} checked={isSelected} onChange={() => onSelect(item)} />
      ) : (
        <span />
      )}
      <Link href={href} aria-current={isCurrent ? "true" : undefined} title={item.meterName}>
        {item.meterName}
      </Link>
      <span className="age">{age}</span>
      <span className="sub">
        <PeriodName from={item.periodStart} to={item.periodEnd} zone={item.timezone} />
        <State state={item.failed ? "failed" : item.restatedAt ? "person" : "succeeded"}>
          <span title={checkWords(item) ?? undefined}>
            {item.failed ? failedWords(item.failed, item.checksFailed) : checkWords(item, { short: true })}
            {item.restatedAt && ", restated"}
            {item.correction > 0 && ", correction"}
          </span>
        </State>
      </span>
    </div>
  );
}

/** `coverage 91.2 %`, `2 failed, longest gap 95 min`. */
function failedWords({ label, figure }: NonNullable<QueueItem["failed"]>, count: number): string {
  const name = [label.toLowerCase(), figure].filter(Boolean).join(" ");
  return count > 1 ? `${formatNumber(count)} failed, ${name}` : name;
}

const shown = { all: "Everything", passed: "Checks passed", failed: "Checks failed" } as const;

function QueueFilter({ filter }: { filter: ReviewFilter }) {
  const router = useRouter();
  return (
    <Menu
      align="end"
      trigger={<IconButton icon="filter" label={`Filter: ${shown[filter.show].toLowerCase()}`} className="-mr-2" />}
    >
      <MenuChoice
        label="Show"
        value={filter.show}
        options={Object.entries(shown).map(([value, label]) => ({ value: value as keyof typeof shown, label }))}
        onChange={(show) => router.push(reviewHref({ ...filter, show }, null))}
      />
    </Menu>
  );
}

function QueueSearch({ filter }: { filter: ReviewFilter }) {
  const router = useRouter();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  return (
    <div className="rq-find">
      <Input
        icon="search"
        type="search"
        aria-label="Search the queue"
        placeholder="Meter, device or DID"
        defaultValue={filter.q}
        onChange={(event) => {
          const q = event.target.value.trim();
          clearTimeout(timer.current);
          timer.current = setTimeout(() => router.replace(reviewHref({ ...filter, q }, null)), SEARCH_AFTER_MS);
        }}
      />
    </div>
  );
}
