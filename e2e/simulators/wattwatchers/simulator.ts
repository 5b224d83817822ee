import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Control, createControl, type Fault, giveFault, sendJson } from "../control";
import { INTERVAL_SECONDS } from "./curves";
import { createEnergySource, toBuckets } from "./energy";
import { bucketOf, readLongQuery, readShape, readShortQuery } from "./energy-query";
import { type Account, createFleet, type Fleet, type SimulatedDevice } from "./fleet";
import { Problem } from "./problem";
import { createRateLimits } from "./rate-limits";
import { renderLong, shortRowsOf } from "./render";

export interface SimulatorOptions {
  /** 0: any free port. */
  port: number;
  seed?: number;
  /** Devices that have data; one without comes on top. */
  devices?: number;
  /** Replaces the limits that follow from the number of devices. */
  perSecond?: number;
  perDay?: number;
  /** Milliseconds; for tests. */
  now?: () => number;
}

export interface Simulator {
  baseUrl: string;
  fleet: Fleet;
  control: Control;
  close(): Promise<void>;
}

interface Reply {
  status: number;
  text: string;
}

/** The Wattwatchers API v3 as its contract says, on loopback, computed from a seed. `GET /__sim/fleet` tells keys and devices. */
export async function startWattwatchersSimulator(options: SimulatorOptions): Promise<Simulator> {
  const now = options.now ?? Date.now;
  const seed = options.seed ?? 1;
  const fleet = createFleet(seed, options.devices ?? 12);
  const accounts = new Map(fleet.accounts.map((account) => [account.key, account]));
  const limits = createRateLimits({ now, perSecond: options.perSecond, perDay: options.perDay });
  const control = createControl({ seed, now, onReset: () => limits.reset() });
  const source = createEnergySource(seed, (deviceId, start) =>
    control.faults.changedHistory ? control.historyFactor(deviceId, start) : 1,
  );

  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      console.error("The Wattwatchers simulator failed:", error);
      if (res.headersSent) res.destroy();
      else sendJson(res, 500, { code: "INTERNAL_SERVER_ERROR", httpCode: 500, message: "The simulator failed." });
    });
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? "/", "http://simulator");
    if (url.pathname === "/__sim/fleet" && req.method === "GET") return sendFleet(res, fleet);
    if (await control.handle(req, res)) return;
    const route = `${req.method} ${url.pathname.replace(/\/D[^/]*/, "/{id}")}`;
    res.once("close", () => control.countRequest(route, res.statusCode));
    const fault = control.nextFault(url.pathname);
    let headers: Record<string, string> = {};
    try {
      const account = authenticate(req, accounts, fleet);
      const taken = limits.take(account.key, account.deviceIds.length);
      headers = taken.headers;
      if (taken.spent) return sendTooMany(res, taken.spent, headers);
      if (fault?.kind === "429" || fault?.kind === "500") return sendFault(res, fault, headers);
      const reply = route.startsWith("GET ") ? replyTo(url, account) : undefined;
      if (!reply) throw new Problem(404, "NOT_FOUND", "There is no such endpoint.");
      const body = { bytes: Buffer.from(reply.text), contentType: "application/json; charset=utf-8" };
      if (await giveFault(fault, res, body)) return;
      res.writeHead(reply.status, reply.status === 204 ? headers : { "content-type": body.contentType, ...headers });
      res.end(reply.status === 204 ? undefined : body.bytes);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      sendJson(res, error.status, error.body, headers);
    }
  }

  function replyTo(url: URL, account: Account): Reply | undefined {
    const [noun, id, which, ...more] = url.pathname.split("/").slice(1);
    if (more.length > 0) return undefined;
    if (noun === "devices" && id === undefined) return ok(JSON.stringify(account.deviceIds));
    if (noun !== "devices" && noun !== "long-energy" && noun !== "short-energy") return undefined;
    const device = account.deviceIds.includes(id ?? "") ? fleet.devices.get(id ?? "") : undefined;
    if (!device) throw new Problem(404, "NOT_FOUND", `The device ${id} does not exist or is not yours.`);
    if (noun === "devices") return which === undefined ? ok(JSON.stringify(describeDevice(device))) : undefined;
    if (which !== undefined && which !== "first" && which !== "latest") return undefined;
    const range = rangeOf(device);
    if (!range) return { status: 204, text: "" };
    return noun === "long-energy" ? longReply(url, device, range, which) : shortReply(url, device, range, which);
  }

  /** Stamps (ENDS) of the first and the newest row the vendor has; undefined: it never had any. */
  function rangeOf(device: SimulatedDevice): { first: number; newest: number } | undefined {
    if (device.firstStart === null) return undefined;
    const sent = now() - device.delaySeconds * 1000;
    const available = Math.min(sent, control.availableUntil(device.id, now())) / 1000;
    const newest = Math.floor(available / INTERVAL_SECONDS) * INTERVAL_SECONDS;
    const first = device.firstStart + INTERVAL_SECONDS;
    return newest < first ? undefined : { first, newest };
  }

  type Stored = { first: number; newest: number };

  function longReply(url: URL, device: SimulatedDevice, stored: Stored, which: string | undefined): Reply {
    const shape = readShape(url.searchParams);
    const asked =
      which === undefined
        ? readLongQuery(url.searchParams, now() / 1000)
        : oneStamp(which === "first" ? stored.first : stored.newest);
    const five = source.rows(device, Math.max(asked.fromTs, stored.first), Math.min(asked.toTs, stored.newest + 1));
    const rows = shape.granularity === "5m" ? five : toBuckets(five, bucketOf(shape));
    control.count("long-energy rows", rows.length);
    const text = renderLong(rows, shape.isKwh);
    return ok(which === undefined ? text : text.slice(1, -1));
  }

  function shortReply(url: URL, device: SimulatedDevice, stored: Stored, which: string | undefined): Reply {
    const asked = which === undefined ? readShortQuery(url.searchParams, now() / 1000) : undefined;
    const [from, to] = asked
      ? [asked.fromTs, asked.toTs + INTERVAL_SECONDS]
      : [which === "first" ? stored.first : stored.newest, Number.MAX_SAFE_INTEGER];
    const five = source.rows(device, Math.max(from, stored.first), Math.min(to, stored.newest + 1, from + 50_000));
    const rows = five.flatMap(shortRowsOf);
    if (!asked) return ok(JSON.stringify(which === "first" ? rows[0] : rows.at(-1)));
    return ok(
      JSON.stringify(
        rows.filter(({ timestamp }) => Number(timestamp) >= asked.fromTs && Number(timestamp) < asked.toTs),
      ),
    );
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fleet,
    control,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function authenticate(req: IncomingMessage, accounts: ReadonlyMap<string, Account>, fleet: Fleet): Account {
  const key = /^Bearer\s+(\S+)$/i.exec(req.headers.authorization ?? "")?.[1];
  if (key === undefined || key === fleet.disabledKey) {
    throw new Problem(401, "UNAUTHORIZED", "A valid Authorization header is needed to use this endpoint.");
  }
  const account = accounts.get(key);
  if (!account) throw new Problem(403, "NOT_PERMITTED", "The API key is not known.");
  return account;
}

function describeDevice(device: SimulatedDevice): unknown {
  return {
    id: device.id,
    label: device.label,
    model: device.model,
    timezone: device.timezone,
    phases: Array.from({ length: device.phases }, (_, index) => ({
      id: `${device.id}_P${index + 1}`,
      label: "ABC"[index],
    })),
    channels: device.channels.map(({ label, categoryId, ctRating }, index) => ({
      id: `${device.id}_C${index + 1}`,
      label,
      categoryId,
      ctRating,
    })),
  };
}

function sendTooMany(res: ServerResponse, spent: "second" | "day", headers: Record<string, string>): void {
  const reset = Math.ceil(Number(headers[spent === "day" ? "X-RateLimit-TpdReset" : "X-RateLimit-TpsReset"] ?? 1));
  const code = spent === "day" ? "TOO_MANY_REQUESTS_TPD" : "TOO_MANY_REQUESTS_TPS";
  const body = { code, httpCode: 429, message: `Too many calls in this ${spent}.` };
  sendJson(res, 429, body, { ...headers, "Retry-After": String(reset) });
}

function sendFault(res: ServerResponse, fault: Fault, headers: Record<string, string>): void {
  if (fault.kind === "500") {
    const body = { code: "INTERNAL_SERVER_ERROR", httpCode: 500, message: "Something went wrong." };
    sendJson(res, 500, body, headers);
  } else if (!fault.hasHeaders) {
    sendJson(res, 429, { message: "Too many requests." });
  } else {
    const window = fault.window ?? "second";
    const remaining = window === "day" ? "X-RateLimit-TpdRemaining" : "X-RateLimit-TpsRemaining";
    sendTooMany(res, window, { ...headers, [remaining]: "0" });
  }
}

function sendFleet(res: ServerResponse, fleet: Fleet): void {
  const accounts = fleet.accounts.map(({ key, deviceIds }) => ({
    key,
    devices: deviceIds.flatMap((id) => {
      const device = fleet.devices.get(id);
      if (!device) return [];
      const channels = device.channels.map(({ label, kind }) => ({ label, kind }));
      const { label, timezone, solarKw, firstStart } = device;
      return [{ id, label, timezone, channels, solarKw, hasData: firstStart !== null }];
    }),
  }));
  sendJson(res, 200, { accounts, disabledKey: fleet.disabledKey });
}

function oneStamp(timestamp: number): { fromTs: number; toTs: number } {
  return { fromTs: timestamp, toTs: timestamp + 1 };
}

function ok(text: string): Reply {
  return { status: 200, text };
}
