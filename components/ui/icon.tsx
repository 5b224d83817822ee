import type { ReactNode } from "react";
import { cx } from "./cx";

/**
 * The console's own line icons: 16 units square, drawn for a 1.4 px stroke. An icon stands beside its word; alone it needs
 * a labelled button around it. `small` is 14 px.
 */
export function Icon({ name, small, className }: { name: IconName; small?: boolean; className?: string }) {
  return (
    <svg className={cx("ic", small && "s", className)} viewBox="0 0 16 16" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}

export type IconName = keyof typeof shapes;

const shapes = {
  activity: (
    <>
      <circle cx="8" cy="8" r="5.7" />
      <path d="M8 4.8V8l2.2 1.5" />
    </>
  ),
  bell: (
    <>
      <path d="M4 10.8V7a4 4 0 0 1 8 0v3.8l1 1.2H3l1-1.2ZM6.7 14h2.6" />
    </>
  ),
  bolt: (
    <>
      <path d="M9 1.8 3.5 9.2h4L7 14.2l5.5-7.4h-4L9 1.8Z" />
    </>
  ),
  calendar: (
    <>
      <rect x="2.5" y="3.3" width="11" height="10.2" rx="1.5" />
      <path d="M2.5 6.5h11M5.5 1.9v2.6M10.5 1.9v2.6" />
    </>
  ),
  check: (
    <>
      <path d="m3.2 8.4 3.2 3.2 6.4-7" />
    </>
  ),
  columns: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1.5" />
      <path d="M6.2 3v10M9.8 3v10" />
    </>
  ),
  compare: (
    <>
      <path d="M5 3v10M5 3 2.8 5.2M5 3l2.2 2.2M11 13V3M11 13l-2.2-2.2M11 13l2.2-2.2" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
    </>
  ),
  data: (
    <>
      <path d="M2.5 2.5v11h11" />
      <path d="m5 10 2.5-3.5 2.3 2L13 4.5" />
    </>
  ),
  device: (
    <>
      <rect x="4.5" y="4.5" width="7" height="7" rx="1.5" />
      <path d="M6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14" />
    </>
  ),
  download: (
    <>
      <path d="M8 2.5v7.3M4.9 6.9 8 10l3.1-3.1M2.8 13.2h10.4" />
    </>
  ),
  down: (
    <>
      <path d="m4.5 6.3 3.5 3.5 3.5-3.5" />
    </>
  ),
  edit: (
    <>
      <path d="m10.7 2.9 2.4 2.4-7.6 7.6-3 .6.6-3 7.6-7.6Z" />
    </>
  ),
  external: (
    <>
      <path d="M9.5 2.8h3.7v3.7M13 3 7.5 8.5M11.5 9.5v2.7a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h2.7" />
    </>
  ),
  file: (
    <>
      <path d="M9 1.8H4.5A1.5 1.5 0 0 0 3 3.3v9.4a1.5 1.5 0 0 0 1.5 1.5h7a1.5 1.5 0 0 0 1.5-1.5V5.8L9 1.8Z" />
      <path d="M9 1.8v4h4" />
    </>
  ),
  filter: (
    <>
      <path d="M2.5 4.5h11M4.7 8h6.6M6.7 11.5h2.6" />
    </>
  ),
  grid: (
    <>
      <path d="M2.8 2.8h4v4h-4zM9.2 2.8h4v4h-4zM2.8 9.2h4v4h-4zM9.2 9.2h4v4h-4z" />
    </>
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="5.7" />
      <path d="M6.3 6.3a1.75 1.75 0 1 1 2.6 1.7c-.6.3-.9.7-.9 1.3M8 11.2v.01" />
    </>
  ),
  home: (
    <>
      <path d="M2.5 9.5a5.5 5.5 0 1 1 11 0c0 1.2-.4 2.3-1 3.2H3.5a5.5 5.5 0 0 1-1-3.2Z" />
      <path d="m8 9.5 2.6-3" />
    </>
  ),
  job: (
    <>
      <path d="M13 6.5A5.2 5.2 0 0 0 3.6 5M3 9.5A5.2 5.2 0 0 0 12.4 11" />
      <path d="M3.3 2.5v2.7H6M12.7 13.5v-2.7H10" />
    </>
  ),
  key: (
    <>
      <circle cx="5.3" cy="10.7" r="2.8" />
      <path d="m7.3 8.7 5.7-5.7M10.5 5.5l2 2" />
    </>
  ),
  leaf: (
    <>
      <path d="M3 13c0-6 3.5-9.5 10-10 0 6.5-3 10-7.5 10-1 0-1.8-.3-2.5-1" />
      <path d="M5.5 10.5 9 7" />
    </>
  ),
  left: (
    <>
      <path d="M9.7 4.5 6.2 8l3.5 3.5" />
    </>
  ),
  lock: (
    <>
      <rect x="3.2" y="7" width="9.6" height="6.5" rx="1.5" />
      <path d="M5.2 7V5.2a2.8 2.8 0 0 1 5.6 0V7" />
    </>
  ),
  menu: (
    <>
      <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />
    </>
  ),
  meter: (
    <>
      <rect x="2.5" y="2.5" width="11" height="11" rx="2" />
      <path d="M5.5 10.5V9M8 10.5v-5M10.5 10.5V7.5" />
    </>
  ),
  minus: (
    <>
      <path d="M3.5 8h9" />
    </>
  ),
  moon: (
    <>
      <path d="M13.3 9.6A5.7 5.7 0 0 1 6.4 2.7a5.7 5.7 0 1 0 6.9 6.9Z" />
    </>
  ),
  more: (
    <>
      <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.2" />
    </>
  ),
  pause: (
    <>
      <path d="M5.5 3.5v9M10.5 3.5v9" />
    </>
  ),
  plug: (
    <>
      <path d="M5.7 2v3M10.3 2v3M3.7 5h8.6v2.5a4.3 4.3 0 0 1-8.6 0V5ZM8 11.8V14" />
    </>
  ),
  plus: (
    <>
      <path d="M8 3.2v9.6M3.2 8h9.6" />
    </>
  ),
  record: (
    <>
      <path d="M9 1.8H4.5A1.5 1.5 0 0 0 3 3.3v9.4a1.5 1.5 0 0 0 1.5 1.5h7a1.5 1.5 0 0 0 1.5-1.5V5.8L9 1.8Z" />
      <path d="M9 1.8v4h4M5.7 10.2 7.2 11.6 10.2 8.6" />
    </>
  ),
  retry: (
    <>
      <path d="M13 8a5 5 0 1 1-1.6-3.7L13 5.7" />
      <path d="M13 2.7v3h-3" />
    </>
  ),
  review: (
    <>
      <path d="M8 1.8 13 3.6v4c0 3.1-2 5.4-5 6.6-3-1.2-5-3.5-5-6.6v-4L8 1.8Z" />
      <path d="m5.7 7.8 1.7 1.7 3-3.3" />
    </>
  ),
  right: (
    <>
      <path d="m6.3 4.5 3.5 3.5-3.5 3.5" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.3 10.3 3.2 3.2" />
    </>
  ),
  settings: (
    <>
      <path d="M2.5 4.7h6M12 4.7h1.5M2.5 11.3H4M7.5 11.3h6" />
      <circle cx="10.2" cy="4.7" r="1.7" />
      <circle cx="5.7" cy="11.3" r="1.7" />
    </>
  ),
  sun: (
    <>
      <circle cx="8" cy="8" r="2.7" />
      <path d="M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M3.6 12.4l1-1M11.4 4.6l1-1" />
    </>
  ),
  table: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1.5" />
      <path d="M2.5 6.3h11M2.5 9.7h11M6.5 6.3V13" />
    </>
  ),
  task: (
    <>
      <path d="M2.5 4.2 3.5 5.2 5.3 3.3M2.5 8.2 3.5 9.2 5.3 7.3M2.5 12.2l1 1 1.8-1.9M8 4.3h5.5M8 8.3h5.5M8 12.3h5.5" />
    </>
  ),
  upload: (
    <>
      <path d="M8 10.2V2.8M4.9 5.7 8 2.6l3.1 3.1M2.8 13.2h10.4" />
    </>
  ),
  up: (
    <>
      <path d="m4.5 9.7 3.5-3.5 3.5 3.5" />
    </>
  ),
  close: (
    <>
      <path d="m4.2 4.2 7.6 7.6M11.8 4.2l-7.6 7.6" />
    </>
  ),
  user: (
    <>
      <circle cx="8" cy="5.3" r="2.8" />
      <path d="M2.8 13.6a5.2 5.2 0 0 1 10.4 0" />
    </>
  ),
  signOut: (
    <>
      <path d="M6.5 2.8H4a1.2 1.2 0 0 0-1.2 1.2v8A1.2 1.2 0 0 0 4 13.2h2.5M10.2 5.2 13 8l-2.8 2.8M13 8H6.3" />
    </>
  ),
  fold: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1.5" />
      <path d="M6.2 3v10M10.7 6.3 9 8l1.7 1.7" />
    </>
  ),
  unfold: (
    <>
      <rect x="2.5" y="3" width="11" height="10" rx="1.5" />
      <path d="M6.2 3v10M9 6.3 10.7 8 9 9.7" />
    </>
  ),
} satisfies Record<string, ReactNode>;
