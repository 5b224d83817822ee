import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { type Control, createControl, type Fault, giveFault, sendJson } from "../control";
import { createArrivals } from "./arrivals";
import { createDevice, type DidDocument, type SimulatedDevice } from "./devices";
import { type Judged, judgeCredential } from "./judge";
import { createPolicies, type SimulatedPolicy } from "./policies";
import { registrationSchema } from "./registration";

export interface GuardianSimulatorOptions {
  /** 0: any free port. */
  port: number;
  seed?: number;
  /** Devices of each of the two policies that a seed gives. */
  devices?: number;
  /** Milliseconds; for tests. */
  now?: () => number;
}

export interface GuardianSimulator {
  /** The API, as an MRV config or a device's `guardianUrl` names it. */
  baseUrl: string;
  /** Of `/__sim/*`. */
  origin: string;
  policies: readonly SimulatedPolicy[];
  devices: readonly SimulatedDevice[];
  control: Control;
  register(policy: SimulatedPolicy, didDocuments: readonly DidDocument[]): void;
  close(): Promise<void>;
}

type JsonObject = Record<string, unknown>;

const MAX_BODY_BYTES = 1024 * 1024;
const ROUTE = /^\/api\/v1\/external(?:\/([^/]+)\/([^/]+))?(\/sync-events)?$/;

/**
 * Guardian's open routes as `guardian.md` has them, on loopback. Every readable body gets a 200 with `true`, whatever becomes of the document;
 * `GET /__sim/documents` tells that, `GET /__sim/policies` hands out MRV configs, `POST /__sim/policies` adds a policy with its devices. Faults:
 * `cutBefore`, `503`, `429` and `htmlPage` (a proxy's) keep the document out; with `slow`, `timeOut`, `500`, `cutAfter` and `cutBody` it has arrived.
 */
export async function startGuardianSimulator(options: GuardianSimulatorOptions): Promise<GuardianSimulator> {
  const { now = Date.now, seed = 1 } = options;
  const policies = createPolicies(seed);
  const didDocuments = new Map<string, DidDocument>();
  const devices: SimulatedDevice[] = [];
  for (const policy of policies) {
    for (let number = 1; number <= (options.devices ?? 3); number++) {
      const device = createDevice(policy, { seed, name: `${policy.policyTag} ${number}` });
      devices.push(device);
      didDocuments.set(device.did, device.didDocument);
    }
  }
  const arrivals = createArrivals();
  const control = createControl({ seed, now, onReset: () => arrivals.forget() });

  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      console.error("The Guardian simulator failed:", error);
      if (res.headersSent) res.destroy();
      else sendJson(res, 500, { code: 500, message: "The simulator failed." });
    });
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? "/", "http://simulator");
    if (await answerAboutItself(req, res, url)) return;
    if (await control.handle(req, res)) return;
    const [, policyId, blockTag, syncEvents] = ROUTE.exec(url.pathname) ?? [];
    const isRoute = req.method === "POST" && ROUTE.test(url.pathname);
    const route = policyId ? `/external/{policyId}/{blockTag}${syncEvents ?? ""}` : `/external${syncEvents ?? ""}`;
    res.once("close", () => control.countRequest(`${req.method} ${isRoute ? route : url.pathname}`, res.statusCode));
    if (!isRoute) return sendJson(res, 404, { statusCode: 404, message: `Cannot ${req.method} ${url.pathname}` });

    const fault = control.nextFault(url.pathname);
    if (fault && (await keptOut(fault, res))) return;
    const body = await readBody(req);
    if (!body) {
      return sendJson(res, 413, { statusCode: 413, message: "request entity too large" }, { connection: "close" });
    }
    const value = readJson(body);
    if (!value) return sendJson(res, 400, { statusCode: 400, message: "Unexpected token in JSON" });

    const judged = await judge(value, policyId, blockTag);
    arrivals.add(req.url ?? "", body, value, judged, fault?.kind ?? null, now());
    control.count(judged.verdict);
    if (fault?.kind === "500") return sendJson(res, 500, { code: 500, message: "Internal server error" });
    const bytes = Buffer.from(JSON.stringify(syncEvents ? outcomeOf(judged, url) : true));
    if (await giveFault(fault, res, { bytes, contentType: "application/json; charset=utf-8" })) return;
    res.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(bytes);
  }

  async function answerAboutItself(req: IncomingMessage, res: ServerResponse, url: URL): Promise<boolean> {
    const route = `${req.method} ${url.pathname}`;
    if (route === "GET /__sim/documents") {
      sendJson(res, 200, { documents: arrivals.list(url.searchParams.get("credentialId")) });
    } else if (route === "GET /__sim/policies") {
      sendJson(res, 200, { policies, configs: devices.map(({ config }) => config) });
    } else if (route === "POST /__sim/policies") {
      const parsed = registrationSchema.safeParse(readJson((await readBody(req)) ?? Buffer.alloc(0)));
      if (!parsed.success) {
        sendJson(res, 400, { error: z.prettifyError(parsed.error) });
      } else {
        const { didDocuments: documents, ...policy } = parsed.data;
        register(policy, documents);
        sendJson(res, 200, { policyTag: policy.policyTag, devices: documents.map(({ id }) => id) });
      }
    } else return false;
    return true;
  }

  function register(policy: SimulatedPolicy, documents: readonly DidDocument[]): void {
    const at = policies.findIndex(({ policyTag }) => policyTag === policy.policyTag);
    policies.splice(at < 0 ? policies.length : at, at < 0 ? 0 : 1, policy);
    for (const document of documents) didDocuments.set(document.id, document);
  }

  /** In Guardian's order: whom it is for, schema, signature, and last the document that it refers to. */
  async function judge(value: JsonObject, policyId?: string, blockTag?: string): Promise<Judged> {
    const isFor = (policy: SimulatedPolicy) =>
      policyId === undefined
        ? policy.policyTag === value.policyTag
        : policy.policyId === policyId && policy.blockTag === blockTag;
    if (!policies.some(isFor)) {
      return { verdict: "INVALID", reason: "There is no such policy or block: Guardian drops it silently." };
    }
    const judged = await judgeCredential(value.document, { policies, didDocuments }, new Date(now()));
    if (judged.verdict === "VERIFIED" && !didDocuments.has(String(value.ref))) {
      return { verdict: "INVALID", reason: "`ref` is no document of the policy: Guardian loses the record." };
    }
    return judged;
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    baseUrl: `${origin}/api/v1`,
    origin,
    policies,
    devices,
    control,
    register,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Faults of what stands before Guardian: the request is not even read. */
async function keptOut(fault: Fault, res: ServerResponse): Promise<boolean> {
  if (fault.kind === "429") {
    sendJson(res, 429, { message: "Too many requests" }, fault.hasHeaders ? { "retry-after": "1" } : {});
    return true;
  }
  if (fault.kind !== "cutBefore" && fault.kind !== "503" && fault.kind !== "htmlPage") return false;
  return giveFault(fault, res, { bytes: Buffer.alloc(0), contentType: "" });
}

/** Of `sync-events`: an INVALID document goes through the policy's blocks, too. */
function outcomeOf({ verdict }: Judged, url: URL): JsonObject {
  const steps = [{ block: "external_mrv_data", status: verdict }];
  return {
    response: true,
    result: { signature: verdict },
    steps: url.searchParams.get("history") === "true" ? steps : [],
  };
}

/** Null beyond Guardian's limit. */
async function readBody(req: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readJson(body: Buffer): JsonObject | null {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}
