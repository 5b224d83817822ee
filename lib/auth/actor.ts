import { Forbidden } from "../errors";
import { type Permission, permissions, type Role } from "./roles";

/** Who acts. It is written into the audit log with every change. */
export type Actor =
  | { kind: "user"; id: string; name: string; roles: readonly Role[] }
  /** `meterIds` limits the token to those meters; null is all of them. */
  | { kind: "token"; id: string; name: string; roles: readonly Role[]; meterIds: readonly string[] | null }
  /** Scheduled work, start-up and seeds. */
  | { kind: "system"; name: string };

/** Not about single meters: a token that is limited to some may do none of these, whatever its role. */
const ofInstallation: readonly Permission[] = [
  "users:edit",
  "tokens:edit",
  "settings:edit",
  "factors:edit",
  "devices:edit",
];

export function can(actor: Actor, permission: Permission): boolean {
  if (actor.kind === "system") return true;
  if (actor.kind === "token" && actor.meterIds && ofInstallation.includes(permission)) return false;
  const allowed: readonly Role[] = permissions[permission];
  return actor.roles.some((role) => allowed.includes(role));
}

export function permissionsOf(actor: Actor): Permission[] {
  return (Object.keys(permissions) as Permission[]).filter((permission) => can(actor, permission));
}

/** Throws Forbidden unless the actor may do this. Pass the meter where the thing acted on belongs to one. */
export function authorise(actor: Actor, permission: Permission, meterId?: string): void {
  if (!can(actor, permission)) throw new Forbidden(`Your role does not allow this (${permission}).`);
  if (meterId !== undefined) authoriseMeter(actor, meterId);
}

/** Throws Forbidden where a token is limited to other meters. */
export function authoriseMeter(actor: Actor, meterId: string): void {
  if (actor.kind === "token" && actor.meterIds && !actor.meterIds.includes(meterId)) {
    throw new Forbidden("This API token is limited to other meters.");
  }
}

/** The meters a list may show: null is all. */
export function meterScope(actor: Actor): readonly string[] | null {
  return actor.kind === "token" ? actor.meterIds : null;
}
