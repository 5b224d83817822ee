"use client";

import { useMemo, useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { type Column, DataTable } from "@/components/ui/data-table";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { State } from "@/components/ui/state";
import { Age, Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import { Tooltip } from "@/components/ui/tooltip";
import type { Action } from "@/lib/action";
import type { TokenDto } from "@/lib/tokens/schemas";
import { roleWords } from "./user-row";

export type TokenRow = TokenDto & { isExpired: boolean; meterNames: string[] | null };

/** Tokens, newest first; what was revoked or ran out stays, so that the log can be read. */
export function TokenTable({ tokens, revoke }: { tokens: readonly TokenRow[]; revoke: Action<TokenDto> }) {
  const columns = useMemo(() => columnsOf(revoke), [revoke]);
  return <DataTable label="API tokens" columns={columns} rows={tokens} twoLines />;
}

function columnsOf(revoke: Action<TokenDto>): readonly Column<TokenRow>[] {
  return [
    {
      id: "name",
      header: "Token",
      list: 1,
      cell: (token) => (
        <span className="two">
          <b>{token.name}</b>
          <span>
            <code>{token.prefix}…</code> by {token.createdBy}
          </span>
        </span>
      ),
    },
    { id: "role", header: "Role", list: 3, cell: (token) => roleWords([token.role]) },
    { id: "meters", header: "Meters", drop: 1, cell: (token) => <Meters names={token.meterNames} /> },
    { id: "state", header: "State", list: 2, cell: (token) => <TokenState token={token} /> },
    {
      id: "expires",
      header: "Expires",
      drop: 2,
      cell: (token) => (token.expiresAt ? <Time at={token.expiresAt} /> : <span className="qq">never</span>),
    },
    {
      id: "used",
      header: "Last used",
      drop: 0,
      cell: (token) => (token.lastUsedAt ? <Age at={token.lastUsedAt} /> : <span className="qq">never</span>),
    },
    {
      id: "revoke",
      header: <span className="sr">Change</span>,
      right: true,
      list: 3,
      cell: (token) => (token.revokedAt ? null : <RevokeToken token={token} revoke={revoke} />),
    },
  ];
}

function Meters({ names }: { names: string[] | null }) {
  if (!names) return "All";
  if (names.length === 1) return names[0];
  return (
    <Tooltip content={names.slice(0, 12).join(", ")}>
      <span className="tt">{names.length} meters</span>
    </Tooltip>
  );
}

function TokenState({ token }: { token: TokenRow }) {
  if (token.revokedAt) return <State state="cancelled">Revoked</State>;
  if (token.isExpired) return <State state="late">Expired</State>;
  return <State state="succeeded">Active</State>;
}

function RevokeToken({ token, revoke }: { token: TokenRow; revoke: Action<TokenDto> }) {
  const toast = useToast();
  const [isOpen, setOpen] = useState(false);
  const [isBusy, start] = useTransition();
  const run = () =>
    start(async () => {
      const answer = await revoke(null, { tokenId: token.id });
      setOpen(false);
      if (answer.ok) toast({ title: "Token revoked", detail: token.name });
      else toast({ title: "Refused", detail: answer.message, state: "failed" });
    });
  return (
    <>
      <Button small variant="quiet" icon="close" aria-label={`Revoke ${token.name}`} onClick={() => setOpen(true)}>
        Revoke
      </Button>
      <Dialog
        title={`Revoke ${token.name}`}
        open={isOpen}
        onOpenChange={setOpen}
        footer={
          <>
            <DialogClose>
              <Button>Keep</Button>
            </DialogClose>
            <Button variant="danger-solid" busy={isBusy} onClick={run}>
              Revoke token
            </Button>
          </>
        }
      >
        <p>
          What sends <code>{token.prefix}…</code> is refused from now on. A revoked token does not come back.
        </p>
      </Dialog>
    </>
  );
}
