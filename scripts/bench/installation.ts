import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../postgres";
import { buildIfStale } from "../supervisor/build";
import { DEMO_FLEET } from "../supervisor/demo-sites";
import { untilHealthy } from "../supervisor/ready";

const root = join(import.meta.dirname, "../..");
const READY_WITHIN_MS = 300_000;
const AT_ONCE = 8;

/** A device of the simulated vendor with the key that reads it. */
export interface VendorDevice {
  id: string;
  timezone: string;
  apiKey: string;
}

/**
 * The product as people run it, on free ports and in a temporary directory: `npm run demo` with all its processes, and a
 * Wattwatchers simulator with more devices than the demo's own, which holds those of the demo too. Driven through the HTTP API alone.
 */
export interface Installation {
  devices: VendorDevice[];
  /** npm with everything below it, and the simulator. */
  roots: number[];
  /** A call of `/api/v1`, answered with 2xx or thrown. */
  call(path: string, body?: unknown): Promise<Response>;
  stop(): Promise<void>;
}

export async function startInstallation(deviceCount: number): Promise<Installation> {
  await buildIfStale(new AbortController().signal);
  const directory = await mkdtemp(join(tmpdir(), "meterproof-bench-"));
  const [port, vendorPort] = [await freePort(), await freePort()];
  const vendorUrl = `http://127.0.0.1:${vendorPort}`;
  const address = `http://127.0.0.1:${port}`;
  const token = randomBytes(24).toString("hex");
  const simulatorArgs = [`--port=${vendorPort}`, `--seed=${DEMO_FLEET.seed}`, `--devices=${deviceCount}`];
  const simulator = run(process.execPath, ["--import", "tsx", "e2e/simulators/wattwatchers/main.ts", ...simulatorArgs]);
  const demo = run("npm", ["run", "demo"], {
    PORT: String(port),
    HOST: "127.0.0.1",
    METERPROOF_DATA_DIR: directory,
    WATTWATCHERS_BASE_URL: vendorUrl,
    DEMO_API_TOKEN: token,
  });
  const call = async (path: string, body?: unknown) => {
    const response = await fetch(`${address}/api/v1${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response;
  };
  const stop = async () => {
    await Promise.all([end(demo), end(simulator)]);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const gone = new AbortController();
    for (const { child } of [demo, simulator]) child.once("exit", () => gone.abort());
    const problem = await untilHealthy(address, READY_WITHIN_MS, gone.signal);
    if (problem ?? gone.signal.aborted) throw new Error(`The demo did not start: ${problem ?? ""}\n${demo.output()}`);
    const roots = [demo, simulator].flatMap(({ child }) => child.pid ?? []);
    return { devices: await devicesOf(vendorUrl), roots, call, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Program {
  child: ChildProcess;
  /** What it said last. */
  output(): string;
}

function run(command: string, args: string[], env: Record<string, string> = {}): Program {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const keep = (chunk: Buffer) => {
    text = (text + chunk.toString("utf8")).slice(-4_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  child.once("error", (error) => keep(Buffer.from(String(error))));
  return { child, output: () => text };
}

async function end({ child }: Program): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}

async function devicesOf(vendorUrl: string): Promise<VendorDevice[]> {
  const answer = await fetch(`${vendorUrl}/__sim/fleet`);
  const { accounts } = (await answer.json()) as {
    accounts: { key: string; devices: { id: string; timezone: string; hasData: boolean }[] }[];
  };
  return accounts.flatMap(({ key, devices }) =>
    devices.filter(({ hasData }) => hasData).map(({ id, timezone }) => ({ id, timezone, apiKey: key })),
  );
}

/** A meter with one job for each device, as a client of the API adds them. Returns the meters' ids. */
export async function addMeters(
  { call }: Installation,
  devices: readonly VendorDevice[],
  job: { interval: string; delay?: string; startAt: Date },
): Promise<string[]> {
  const ids: string[] = [];
  const waiting = devices.entries();
  const lane = async () => {
    for (const [index, { id, timezone, apiKey }] of waiting) {
      const meter = await idOf(
        call("/meters", {
          name: `Bench ${index + 1}`,
          type: "WattWatchers",
          dataSourceType: "API",
          dataSource: id,
          dataCredentials: apiKey,
          timezone,
          region: "NSW",
        }),
      );
      await call("/jobs", { ...job, meterId: meter, startAt: job.startAt.toISOString() });
      ids.push(meter);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return ids;
}

async function idOf(answer: Promise<Response>): Promise<string> {
  return ((await (await answer).json()) as { id: string }).id;
}

/**
 * Waits until no task is open, as the task list says; some must have been there. Those of a meter whose key is spent stay open until the
 * next day, and the demo has one.
 */
export async function untilWorkedOff({ call }: Installation, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  const meters = async (query: string) => {
    const answer = await call(`/tasks?limit=100&${query}`);
    return ((await answer.json()) as { items: { meterId: string }[] }).items.map(({ meterId }) => meterId);
  };
  const isWorkedOff = async () => {
    if ((await meters("state=queued&state=running")).length > 0) return false;
    const spent = new Set(await meters("state=waiting&waitReason=quota"));
    const pending = await meters("state=pending");
    return pending.every((meter) => spent.has(meter)) && (await meters("state=succeeded")).length > 0;
  };
  while (!(await isWorkedOff())) {
    if (Date.now() > deadline) throw new Error(`There are still open tasks after ${withinMs / 1000} s.`);
    await sleep(500);
  }
}
