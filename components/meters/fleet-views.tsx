"use client";

import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { Button, IconButton } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { formatNumber } from "@/components/ui/format";
import { Icon } from "@/components/ui/icon";
import { remember } from "@/components/ui/remember";
import { type Tab, Tabs } from "@/components/ui/tabs";
import { useToast } from "@/components/ui/toast";
import type { FleetList } from "@/lib/fleet/fleet-row";
import { type SavedView, troubleStates, viewOf } from "./fleet-query";

/** Views of the meters page: all, those in trouble, by type where there are several, and those somebody saved in this browser. */
export function FleetViews({ list, saved }: { list: FleetList; saved: readonly SavedView[] }) {
  const toast = useToast();
  const [views, setViews] = useState(saved);
  const [isNaming, setNaming] = useState(false);
  const [name, setName] = useState("");
  const current = viewOf(useSearchParams());
  const keep = (next: readonly SavedView[]) => {
    remember("meter-views", JSON.stringify(next));
    setViews(next);
  };
  const inTrouble = troubleStates.reduce((sum, state) => sum + (list.countsByState[state] ?? 0), 0);
  const all = Object.values(list.countsByState).reduce((sum, count) => sum + (count ?? 0), 0);
  const tab = (label: string, view: string, count?: number): Tab => ({
    href: view ? `/meters?${view}` : "/meters",
    label,
    current: view === current,
    ...(count !== undefined && { count: formatNumber(count) }),
  });
  const trouble = viewOf(new URLSearchParams({ state: troubleStates.join(",") }));
  const builtIn = [
    tab("All meters", "", all),
    tab("Late or failed", trouble, inTrouble),
    ...(list.types.length > 1
      ? list.types.map((type) => tab(type, viewOf(new URLSearchParams({ type })), list.countsByType[type]))
      : []),
  ];
  const savedTabs = views.map((view) => tab(view.name, view.query));
  const open = views.find((view) => view.query === current);
  const isKnown = [...builtIn, ...savedTabs].some((each) => each.current);

  return (
    <Tabs label="Views" tabs={[...builtIn, ...savedTabs]}>
      {open && (
        <IconButton
          icon="close"
          label={`Forget the view ${open.name}`}
          onClick={() => {
            keep(views.filter((view) => view !== open));
            toast({ title: `The view ${open.name} is forgotten` });
          }}
        />
      )}
      {!isKnown && (
        <button type="button" className="tab-add qq" onClick={() => setNaming(true)}>
          <Icon name="plus" small />
          Save view
        </button>
      )}
      <Dialog
        title="Save this view"
        open={isNaming}
        onOpenChange={setNaming}
        footer={
          <>
            <DialogClose>
              <Button>Cancel</Button>
            </DialogClose>
            <Button
              variant="primary"
              disabled={name.trim() === ""}
              onClick={() => {
                keep([...views, { name: name.trim().slice(0, 40), query: current }].slice(-8));
                setNaming(false);
                setName("");
              }}
            >
              Save view
            </Button>
          </>
        }
      >
        <Field label="Name" help="Filters and order are kept, in this browser.">
          <Input value={name} maxLength={40} autoFocus onChange={(event) => setName(event.target.value)} />
        </Field>
      </Dialog>
    </Tabs>
  );
}
