"use client";

import { useQueryStates } from "nuqs";
import { useTransition } from "react";
import { Button, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { Empty } from "@/components/ui/empty";
import { Input } from "@/components/ui/field";
import { formatNumber } from "@/components/ui/format";
import { Pager } from "@/components/ui/pager";
import type { DeviceSummary } from "@/lib/devices/schemas";
import { DeviceTable } from "./device-table";
import { devicesQuery } from "./devices-query";

/** Search, table and pages; every choice is in the URL. */
export function DevicesView(props: { devices: readonly DeviceSummary[]; nextCursor: string | null; canEdit: boolean }) {
  const { devices, nextCursor, canEdit } = props;
  const [isPending, startTransition] = useTransition();
  const [query, setQuery] = useQueryStates(devicesQuery, { shallow: false, startTransition, history: "replace" });
  const isFiltered = query.q !== "" || query.archived;
  const pageHref = (cursor: string | null) => {
    const params = new URLSearchParams({
      ...(query.q && { q: query.q }),
      ...(query.archived && { archived: "true" }),
      ...(cursor && { cursor }),
    });
    return `/devices?${params}`;
  };
  if (devices.length === 0 && !isFiltered && query.cursor === null) return <NoDevicesYet canEdit={canEdit} />;
  return (
    <>
      <div className="filters">
        <Input
          icon="search"
          type="search"
          placeholder="Name, DID or policy"
          aria-label="Search devices"
          defaultValue={query.q}
          onChange={(event) => void setQuery({ q: event.target.value || null, cursor: null }, { throttleMs: 250 })}
        />
        {query.archived ? (
          <Chip
            name="Show"
            value="archived"
            removeLabel="Show devices in use"
            onRemove={() => void setQuery({ archived: null, cursor: null })}
          />
        ) : (
          <Button variant="quiet" small onClick={() => void setQuery({ archived: true, cursor: null })}>
            Show archived
          </Button>
        )}
      </div>
      <Card aria-busy={isPending}>
        {devices.length === 0 ? (
          <Empty title="No device fits" action={<Button onClick={() => void setQuery(null)}>Show all devices</Button>}>
            {query.archived
              ? "No archived device has this in its name, DID or policy."
              : "Try a part of its name, DID or policy."}
          </Empty>
        ) : (
          <>
            <DeviceTable devices={devices} />
            <Pager
              previous={query.cursor === null ? null : pageHref(null)}
              previousLabel="First page"
              next={nextCursor === null ? null : pageHref(nextCursor)}
            >
              <span className="qq">
                {formatNumber(devices.length)} {devices.length === 1 ? "device" : "devices"} shown
              </span>
            </Pager>
          </>
        )}
      </Card>
    </>
  );
}

function NoDevicesYet({ canEdit }: { canEdit: boolean }) {
  return (
    <Card>
      <Empty
        title="No device in use"
        action={
          <>
            {canEdit && (
              <LinkButton href="/devices/new" variant="primary" icon="plus">
                Add device
              </LinkButton>
            )}
            <LinkButton href="/devices?archived=true" variant="quiet">
              Show archived
            </LinkButton>
          </>
        }
      >
        {canEdit
          ? "A device signs the records of its meters for a Guardian policy. Download its MRV config from the policy, then add it here."
          : "A device signs the records of its meters for a Guardian policy. An operator or an administrator adds the first one."}
      </Empty>
    </Card>
  );
}
