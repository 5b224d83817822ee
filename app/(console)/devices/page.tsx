import type { Metadata } from "next";
import { createLoader, type SearchParams } from "nuqs/server";
import { devicesQuery } from "@/components/devices/devices-query";
import { DevicesView } from "@/components/devices/devices-view";
import { Live } from "@/components/shell/live";
import { LinkButton } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { listDevices } from "@/lib/devices/queries";
import { getDb } from "@/lib/runtime";

export const metadata: Metadata = { title: "Devices" };

const loadQuery = createLoader(devicesQuery);
const PAGE_SIZE = 50;
const LONGEST_SEARCH = 200;

export default async function DevicesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireActor();
  const { q, archived, cursor } = await loadQuery(searchParams);
  const { items, nextCursor } = await listDevices(
    { db: getDb(), actor },
    { search: q.slice(0, LONGEST_SEARCH) || undefined, archived, cursor: cursor ?? undefined, limit: PAGE_SIZE },
  );
  const canEdit = can(actor, "devices:edit");
  const isEmpty = items.length === 0 && q === "" && !archived && cursor === null;
  return (
    <>
      <PageHeader
        title="Devices"
        actions={
          // An empty page offers it itself.
          canEdit && !isEmpty ? (
            <LinkButton href="/devices/new" variant="primary" icon="plus">
              Add device
            </LinkButton>
          ) : undefined
        }
      />
      <DevicesView devices={items} nextCursor={nextCursor} canEdit={canEdit} />
      <Live seconds={30} />
    </>
  );
}
