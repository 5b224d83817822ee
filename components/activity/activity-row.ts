import type { AuditRowDto } from "@/lib/audit/queries";

export type ActivityRow = AuditRowDto & { id: string; meterName: string | null };

const pages: Record<string, string> = { meter: "/meters", device: "/devices", job: "/jobs", task: "/tasks" };

/** Null for what has no page of its own. */
export function objectHref({ objectType, objectId }: ActivityRow): string | null {
  const page = pages[objectType];
  return page ? `${page}/${objectId}` : null;
}

/** What tells the object apart: a name where the row has one, else the end of its id. */
export function objectName({ objectType, objectId, details, meterName, actor }: ActivityRow): string {
  if (objectId === actor.id) return actor.name;
  if (objectType === "meter" && meterName) return meterName;
  for (const key of ["name", "email"]) {
    const value = details[key];
    if (typeof value === "string") return value;
  }
  return `…${objectId.slice(-6)}`;
}

/** `fromStage collection · force true`, for one line of a table. */
export function detailsLine(details: Record<string, unknown>): string {
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([key, value]) => `${key} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(" · ");
}
