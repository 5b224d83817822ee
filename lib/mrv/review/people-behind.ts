import { sql } from "drizzle-orm";
import type { Db } from "../../db/client";

/**
 * For whom tokens act, by token: the user who made it, or who made the token that made it. A token that the system made, or whose making the log does
 * not know, acts for itself.
 */
export async function peopleBehind(db: Db, tokenIds: ReadonlySet<string>): Promise<Map<string, string>> {
  if (tokenIds.size === 0) return new Map();
  const rows = await db.execute<{ token: string; kind: string; creator: string }>(sql`
    with recursive made as (
      select object_id as token, actor_kind as kind, actor_id as creator from audit_log
      where object_type = 'token' and action = 'token.created'
        and object_id in (select jsonb_array_elements_text(${JSON.stringify([...tokenIds])}::text::jsonb))
      union
      select l.object_id, l.actor_kind, l.actor_id from made m join audit_log l
        on l.object_type = 'token' and l.action = 'token.created' and l.object_id = m.creator
      where m.kind = 'token'
    )
    select token, kind, creator from made`);
  const creators = new Map(rows.map((row) => [row.token, row]));
  return new Map([...tokenIds].map((id) => [id, personOf(id, creators)]));
}

function personOf(tokenId: string, creators: ReadonlyMap<string, { kind: string; creator: string }>): string {
  let id = tokenId;
  for (let made = creators.get(id); made && made.kind !== "system"; made = creators.get(id)) {
    id = made.creator;
    if (made.kind === "user") break;
  }
  return id;
}
