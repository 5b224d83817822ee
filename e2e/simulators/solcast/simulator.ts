import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Control, createControl, giveFault, sendJson } from "../control";
import { createSites, estimateKw, forecastKw, PERIOD_SECONDS, type SimulatedSite, type SolcastAccount } from "./sites";

export interface SolcastSimulatorOptions {
  /** 0: any free port. */
  port: number;
  seed?: number;
  /** Calls a day of the usual account. */
  perDay?: number;
  /** A wrong key has been answered with either. */
  badKeyStatus?: 403 | 404;
  /** Milliseconds; for tests. */
  now?: () => number;
}

export interface SolcastSimulator {
  baseUrl: string;
  accounts: ReturnType<typeof createSites>;
  control: Control;
  close(): Promise<void>;
}

const PATH = /^\/rooftop_sites\/([^/]+)\/(estimated_actuals|forecasts)$/;
const DAY = 86_400_000;

/** Solcast's rooftop sites as `sources.md` has them, on loopback, computed from a seed. `GET /__sim/sites` tells keys and sites. */
export async function startSolcastSimulator(options: SolcastSimulatorOptions): Promise<SolcastSimulator> {
  const { now = Date.now, seed = 1, badKeyStatus = 403 } = options;
  const accounts = createSites(seed, options.perDay);
  /** Calls by key in the UTC day. */
  const used = new Map<string, { day: number; calls: number }>();
  const control = createControl({ seed, now, onReset: () => used.clear() });

  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      console.error("The Solcast simulator failed:", error);
      if (res.headersSent) res.destroy();
      else sendJson(res, 500, problem("InternalError", "The simulator failed."));
    });
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? "/", "http://simulator");
    if (url.pathname === "/__sim/sites" && req.method === "GET") return sendJson(res, 200, accounts);
    if (await control.handle(req, res)) return;
    const [, id, list] = PATH.exec(url.pathname) ?? [];
    const route = `${req.method} ${list ? `/rooftop_sites/{id}/${list}` : url.pathname}`;
    res.once("close", () => control.countRequest(route, res.statusCode));
    const fault = control.nextFault(url.pathname);
    const account = accountOf(req, url);
    if (!account) return sendJson(res, badKeyStatus, badKeyStatus === 403 ? problem("InvalidKey", "Unknown key.") : {});
    if (req.method !== "GET" || !list || id !== account.site.id) {
      return sendJson(res, 404, problem("NotFound", "There is no such rooftop site."));
    }
    if (fault?.kind === "429" && fault.window !== "day") return sendBusy(res);
    if (fault?.kind === "429" || !take(account)) {
      return sendJson(res, 429, problem("TooManyRequests", "You have exceeded your free daily limit."));
    }
    if (fault?.kind === "500") return sendJson(res, 500, problem("InternalError", "Something went wrong."));
    if (url.searchParams.get("format") !== "json" && !req.headers.accept?.includes("json")) return sendPage(res);
    const hours = url.searchParams.get("hours") ?? "24";
    if (!/^\d{1,3}$/.test(hours) || Number(hours) > 168) {
      return sendJson(res, 400, problem("BadRequest", "hours must be from 0 to 168."));
    }
    const rows = list === "forecasts" ? forecasts(account.site, Number(hours)) : actuals(account.site, Number(hours));
    control.count(`${list} rows`, rows.length);
    const body = {
      bytes: Buffer.from(JSON.stringify({ [list]: rows })),
      contentType: "application/json; charset=utf-8",
    };
    if (await giveFault(fault, res, body)) return;
    res.writeHead(200, { "content-type": body.contentType });
    res.end(body.bytes);
  }

  function accountOf(req: IncomingMessage, url: URL): SolcastAccount | undefined {
    const key = /^Bearer\s+(\S+)$/i.exec(req.headers.authorization ?? "")?.[1] ?? url.searchParams.get("api_key");
    return Object.values(accounts).find((account) => account.key === key);
  }

  /** False when the day's calls are spent; a refused call is not counted. */
  function take({ key, perDay }: SolcastAccount): boolean {
    const day = Math.floor(now() / DAY);
    const last = used.get(key);
    const calls = last?.day === day ? last.calls : 0;
    if (calls >= perDay) return false;
    used.set(key, { day, calls: calls + 1 });
    return true;
  }

  /** Newest first, up to the last period that is over. */
  function actuals(site: SimulatedSite, hours: number): unknown[] {
    const until = Math.min(now(), control.availableUntil(site.id, now()));
    const newest = Math.floor(until / 1000 / PERIOD_SECONDS) * PERIOD_SECONDS;
    const oldest = now() / 1000 - hours * 3600;
    const rows: unknown[] = [];
    for (let end = newest; end > oldest; end -= PERIOD_SECONDS) {
      const start = end - PERIOD_SECONDS;
      const kw = estimateKw(seed, site, start) * control.historyFactor(site.id, start);
      rows.push({ pv_estimate: Math.round(kw * 10_000) / 10_000, ...stampOf(end) });
    }
    return rows;
  }

  /** Oldest first, from the period that is not over: it ends in an estimate, too, a moment later. */
  function forecasts(site: SimulatedSite, hours: number): unknown[] {
    const first = Math.floor(now() / 1000 / PERIOD_SECONDS) * PERIOD_SECONDS;
    return Array.from({ length: (hours * 3600) / PERIOD_SECONDS }, (_, at) => {
      const start = first + at * PERIOD_SECONDS;
      return { ...forecastKw(seed, site, start), ...stampOf(start + PERIOD_SECONDS) };
    });
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accounts,
    control,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function stampOf(end: number) {
  return { period_end: new Date(end * 1000).toISOString().replace(".000Z", ".0000000Z"), period: "PT30M" };
}

function problem(code: string, message: string) {
  return { response_status: { error_code: code, message } };
}

function sendBusy(res: ServerResponse): void {
  res.writeHead(429);
  res.end();
}

function sendPage(res: ServerResponse): void {
  res.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  res.end("<!DOCTYPE html><html><head><title>Rooftop site</title></head><body><h1>Rooftop site</h1></body></html>");
}
