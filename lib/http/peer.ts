import { randomBytes } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

// A name nobody outside can guess, so that nobody can send the header: who is connected is not in a Request otherwise.
// On globalThis, because Next bundles instrumentation and routes apart.
const shared = globalThis as typeof globalThis & { meterproofPeerHeader?: string };

const FORWARDED = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/**
 * Notes the address behind every connection to this process's HTTP server, before Next sees the request (Next takes
 * `X-Forwarded-For` from the client as it comes). Called once, when the server starts.
 */
export function watchPeers(): void {
  if (shared.meterproofPeerHeader) return;
  const header = `x-peer-${randomBytes(16).toString("hex")}`;
  shared.meterproofPeerHeader = header;
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const isForwarded = FORWARDED.some((name) => request.headers[name] !== undefined);
    request.headers[header] = isForwarded ? "forwarded" : (request.socket.remoteAddress ?? "unknown");
  });
}

/**
 * True only for a program on this machine that connected by itself, without a proxy in between, to a name of this machine: a
 * browser here, led to loopback by a stranger's DNS, names the stranger's host.
 */
export function isFromLoopback(request: Request): boolean {
  const header = shared.meterproofPeerHeader;
  const address = header ? request.headers.get(header) : null;
  const host = (request.headers.get("host") ?? "").replace(/:\d+$/, "");
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(host)) return false;
  return address !== null && /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(address);
}
