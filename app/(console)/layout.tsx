import { cookies } from "next/headers";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { KeysProvider } from "@/components/shell/keys";
import { Shell } from "@/components/shell/shell";
import { ShellActionsProvider } from "@/components/shell/shell-actions";
import { preferences } from "@/components/ui/remember";
import { ToastProvider } from "@/components/ui/toast";
import { TooltipProvider } from "@/components/ui/tooltip";
import { ZoneProvider } from "@/components/ui/zone";
import { isZoneMode } from "@/components/ui/zone-modes";
import { permissionsOf } from "@/lib/auth/actor";
import { requireActor } from "@/lib/auth/session";
import { shellFacts } from "@/lib/overview/shell-facts";
import { getDb } from "@/lib/runtime";
import { isTimezone } from "@/lib/time";
import { changePasswordAction, signOutAction } from "../(auth)/actions";
import { findAction } from "./actions";

/** What stands around every page of the console; nobody gets past it without a session. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const actor = await requireActor();
  const jar = await cookies();
  const { siteZone, ...counts } = await shellFacts({ db: getDb(), actor });
  const mode = jar.get(preferences.zone)?.value;
  const roles = actor.roles.join(", ");
  return (
    <NuqsAdapter>
      <ZoneProvider
        initialMode={isZoneMode(mode) ? mode : "site"}
        siteZone={siteZone}
        rememberedZone={knownZone(jar.get(preferences["my-zone"])?.value)}
        renderedAt={Date.now()}
      >
        <ToastProvider>
          <TooltipProvider>
            <KeysProvider>
              <ShellActionsProvider
                value={{ find: findAction, changePassword: changePasswordAction, signOut: signOutAction }}
              >
                <Shell
                  person={{
                    name: actor.name,
                    roles: roles.charAt(0).toUpperCase() + roles.slice(1),
                    allowed: permissionsOf(actor),
                  }}
                  counts={counts}
                  initiallySlim={jar.get(preferences.sidebar)?.value === "slim"}
                >
                  {children}
                </Shell>
              </ShellActionsProvider>
            </KeysProvider>
          </TooltipProvider>
        </ToastProvider>
      </ZoneProvider>
    </NuqsAdapter>
  );
}

/** A cookie is anybody's text: only a zone that exists is believed. */
function knownZone(text: string | undefined): string | null {
  return text !== undefined && isTimezone(text) ? text : null;
}
