import http from "node:http";
import https from "node:https";

/** The longest a step may take; the same two hours as Inngest. */
const maxRequestMs = 7_200_000;

/** The answer of an app, with the body as it came. */
export interface AppResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The app could not be asked at all: nothing of the request has happened. */
export class Unreachable extends Error {}

/** The app's answer is larger than any answer may be. */
export class ResponseTooLarge extends Error {}

interface AppRequest {
  method: "POST" | "PUT";
  url: string;
  body: string;
  headers: Record<string, string>;
  signal?: AbortSignal;
  maxResponseBytes?: number;
}

const agents = {
  "http:": new http.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, timeout: 0 }),
  "https:": new https.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, timeout: 0 }),
};

/**
 * Sends one request to an app. Plain `node:http` and not `fetch`, because `fetch` gives up on an answer after five
 * minutes and a step may take longer.
 */
export async function requestApp(request: AppRequest): Promise<AppResponse> {
  try {
    return await send(request);
  } catch (error) {
    // The app closed an idle connection just as it was taken up again: ask once more, on a new one.
    if (error instanceof StaleConnection) return send(request, true);
    throw error;
  }
}

class StaleConnection extends Error {}

function send(request: AppRequest, isSecondTry = false): Promise<AppResponse> {
  const url = new URL(request.url);
  const isTls = url.protocol === "https:";
  return new Promise((resolve, reject) => {
    const outgoing = (isTls ? https : http).request(url, {
      method: request.method,
      agent: isSecondTry ? false : agents[isTls ? "https:" : "http:"],
      signal: request.signal,
      headers: {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(request.body),
        "user-agent": "inngest-local-server",
        "x-inngest-server-kind": "cloud",
        ...request.headers,
      },
    });
    outgoing.setTimeout(maxRequestMs, () => outgoing.destroy(new Error("The app did not answer within two hours")));
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      const isReset = error.code === "ECONNRESET" || error.code === "EPIPE";
      if (isReset && outgoing.reusedSocket && !isSecondTry) reject(new StaleConnection(error.message));
      else if (["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "EAI_AGAIN"].includes(error.code ?? "")) {
        reject(new Unreachable(`The app at ${url.origin} cannot be reached (${error.code})`));
      } else reject(error);
    });
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > (request.maxResponseBytes ?? 16_777_216)) {
          reject(new ResponseTooLarge("The app's answer is too large"));
          outgoing.destroy();
        }
      });
      incoming.on("error", reject);
      incoming.on("end", () => {
        const headers: Record<string, string> = {};
        for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
        resolve({ status: incoming.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    outgoing.end(request.body);
  });
}
