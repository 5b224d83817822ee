import { connection } from "next/server";
import { env } from "@/lib/env";
import { recentHealth } from "@/lib/health/check-health";
import { getArchive, getDb } from "@/lib/runtime";

/** 200 when everything this process needs answers, 503 otherwise, with each dependency by name. */
export async function GET(): Promise<Response> {
  await connection();
  const health = await recentHealth({
    db: getDb(),
    archive: getArchive,
    inngestBaseUrl: env().INNGEST_BASE_URL,
    fetch,
  });
  return Response.json(health, {
    status: health.status === "ok" ? 200 : 503,
    headers: { "Cache-Control": "no-store" },
  });
}
