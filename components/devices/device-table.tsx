"use client";

import Link from "next/link";
import { CopyButton } from "@/components/ui/copy-button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { Tag } from "@/components/ui/tag";
import type { DeviceSummary } from "@/lib/devices/schemas";
import { shortDid } from "./did-words";

/** One page of devices, by name. */
export function DeviceTable({ devices }: { devices: readonly DeviceSummary[] }) {
  return <DataTable label="Devices" columns={columns} rows={devices} twoLines />;
}

const columns: readonly Column<DeviceSummary>[] = [
  {
    id: "name",
    header: "Device",
    list: 1,
    cell: ({ id, name, guardianUrl }) => (
      <Link className="two" href={`/devices/${id}`}>
        <b>{name}</b>
        <span>{new URL(guardianUrl).host}</span>
      </Link>
    ),
  },
  {
    id: "did",
    header: "DID",
    list: 3,
    cell: ({ name, did }) => <Did did={did} of={name} />,
  },
  {
    id: "policy",
    header: "Policy and tag",
    drop: 1,
    list: 3,
    cell: ({ policyId, policyTag }) => (
      <span className="two">
        <code>{policyId}</code>
        <span>{policyTag}</span>
      </span>
    ),
  },
  {
    id: "meters",
    header: "Meters",
    list: 3,
    clip: true,
    cell: ({ meters }) =>
      meters.length === 0 ? <span className="qq">no meter</span> : meters.map(({ name }) => name).join(", "),
  },
  {
    id: "schema",
    header: "Fields",
    drop: 2,
    list: 2,
    cell: ({ hasSchema }) => <Tag>{hasSchema ? "JSON schema" : "context only"}</Tag>,
  },
];

/** Shortened, with the whole of it to copy. */
export function Did({ did, of }: { did: string; of: string }) {
  return (
    <span className="row">
      <code title={did}>{shortDid(did)}</code>
      <CopyButton text={did} label={`Copy the DID of ${of}`} />
    </span>
  );
}
