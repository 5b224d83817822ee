import { sql } from "drizzle-orm";
import type { Archive } from "../archive/archive";
import type { Db } from "../db/client";
import { log } from "../log";

export interface Health {
  status: "ok" | "failing";
  dependencies: Record<"database" | "archive" | "inngest", DependencyHealth>;
}

export interface DependencyHealth {
  ok: boolean;
  milliseconds: number;
  /** What is wrong, without addresses or secrets: this is read by anybody. The log says more. */
  message?: string;
}

export interface Dependencies {
  db: Db;
  archive(): Archive;
  inngestBaseUrl: string;
  fetch: typeof fetch;
}

const TIMEOUT_MS = 3_000;

/** Asks every dependency at the same time and waits three seconds at most. */
export async function checkHealth({ db, archive, inngestBaseUrl, fetch }: Dependencies): Promise<Health> {
  const [database, archived, inngest] = await Promise.all([
    timed("database", "The database does not answer.", () => db.execute(sql`select 1`)),
    timed("archive", "The archive cannot be written and read.", () => archive().check()),
    timed("inngest", "Inngest does not answer.", () => askInngest(fetch, inngestBaseUrl)),
  ]);
  const dependencies = { database, archive: archived, inngest };
  const ok = Object.values(dependencies).every((dependency) => dependency.ok);
  return { status: ok ? "ok" : "failing", dependencies };
}

/** Any answer but a server error is one: Inngest's own service has no health page. */
async function askInngest(fetcher: typeof fetch, baseUrl: string): Promise<void> {
  const url = new URL("health", baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
  const response = await fetcher(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: "manual" });
  await response.body?.cancel();
  if (response.status >= 500) throw new Error(`Inngest answered ${response.status}.`);
}

async function timed(name: string, message: string, ask: () => Promise<unknown>): Promise<DependencyHealth> {
  const startedAt = performance.now();
  const milliseconds = () => Math.round(performance.now() - startedAt);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${TIMEOUT_MS} ms.`)), TIMEOUT_MS);
  });
  try {
    await Promise.race([ask(), late]);
    return { ok: true, milliseconds: milliseconds() };
  } catch (error) {
    log.warn({ dependency: name, err: error }, "A dependency is not healthy.");
    return { ok: false, milliseconds: milliseconds(), message };
  } finally {
    clearTimeout(timer);
  }
}

const KEPT_MS = 2_000;
let latest: { at: number; health: Promise<Health> } | undefined;

/** The same, at most once in two seconds: anybody may ask, and the archive's check writes. */
export function recentHealth(dependencies: Dependencies): Promise<Health> {
  if (!latest || performance.now() - latest.at > KEPT_MS) {
    latest = { at: performance.now(), health: checkHealth(dependencies) };
  }
  return latest.health;
}
