import { lookup as dnsLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { Agent, fetch as undiciFetch } from "undici";
import { createGuardedAgents, type GuardedAgents } from "./guarded-agents";

/** An address that the configuration does not allow; the message names it and says what to do. */
export class AddressRefused extends Error {
  override name = "AddressRefused";
}

/** The server was reached and answered with a redirect, which is not followed. Whatever was sent has arrived. */
export class RedirectRefused extends AddressRefused {
  override name = "RedirectRefused";
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Errors of requests of which no byte was written. Marked and not wrapped: whoever reads an error of fetch finds it as ever. */
const unwritten = new WeakSet<object>();

/** Whether it is certain of this error that the request did not begin to leave: there was no connection yet, or its TLS was still being agreed on. */
export function neverLeft(error: unknown): boolean {
  return typeof error === "object" && error !== null && unwritten.has(error);
}

export interface AddressGuard {
  /** Throws AddressRefused for another scheme than http and https, or a literal address that is not allowed. */
  assertUrl(url: string | URL): void;
  /** Resolves names for a connection and refuses what must not be reached: for `agent` options of Node's http. */
  lookup: LookupFunction;
  /** For clients that bring their own HTTP, such as the SDK of S3; literal addresses are checked there too. */
  agents: GuardedAgents;
  /** Checks every address at the moment it is connected to, redirects included, so that a name cannot change in between. */
  fetch: typeof fetch;
}

/**
 * Guards connections to addresses that people enter. Only public unicast addresses are reached; `allowed` adds hosts
 * (`localhost`), addresses and networks (`10.0.0.0/8`) of the configuration. Throws AddressRefused for an entry of another form.
 */
export function createAddressGuard(options: { allowed: readonly string[] }): AddressGuard {
  const allowed = allowList(options.allowed);

  function assertAddress(address: string, host: string): void {
    if (allowed.hasHost(host) || allowed.hasAddress(address) || isPublic(address)) return;
    throw new AddressRefused(
      `${host === address ? host : `${host} (${address})`} is a private or special address. ` +
        "Where it is meant, add it to METERPROOF_ALLOWED_ADDRESSES.",
    );
  }

  const lookup: LookupFunction = (hostname, settings, callback) => {
    dnsLookup(hostname, { ...settings, all: true }, (error, addresses) => {
      if (error) return callback(error, "");
      try {
        for (const { address } of addresses) assertAddress(address, hostname);
      } catch (refused) {
        return callback(refused as NodeJS.ErrnoException, "");
      }
      if (settings.all) return callback(null, addresses);
      const [first] = addresses;
      if (!first) return callback(Object.assign(new Error(`${hostname} has no address.`), { code: "ENOTFOUND" }), "");
      return callback(null, first.address, first.family);
    });
  };

  function assertUrl(text: string | URL): void {
    if (!URL.canParse(String(text))) throw new AddressRefused(`${text} is no address: start it with https://.`);
    const url = new URL(text);
    if (url.protocol !== "https:" && url.protocol !== "http:") {
      throw new AddressRefused(`${url.protocol.slice(0, -1)} is not possible here: use https.`);
    }
    // URL has already written decimal, octal and hexadecimal forms as dotted ones.
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host)) assertAddress(host, host);
  }

  // One pool a guard: connections are kept, and each new one was looked up by us.
  const dispatcher = new Agent({ connect: { lookup } });
  const guardedFetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const url = input instanceof Request ? input.url : String(input);
    assertUrl(url);
    // A redirect to a literal address would pass by the look-up, so none is followed unseen.
    let hasBegun = false;
    const watched = dispatcher.compose((dispatch) => (options, handler) => {
      // undici calls this with a connection in hand, right before it writes the request.
      const onConnect: typeof handler.onConnect = (...args) => {
        hasBegun = true;
        handler.onConnect?.(...args);
      };
      return dispatch(options, Object.assign(Object.create(handler), { onConnect }));
    });
    const request = { ...init, redirect: "manual", dispatcher: watched } as Parameters<typeof undiciFetch>[1];
    const response = await undiciFetch(url, request).catch((error: unknown) => {
      if (!hasBegun && typeof error === "object" && error !== null) unwritten.add(error);
      return throwRefusal(error);
    });
    const location = response.headers.get("location");
    if ([301, 302, 303, 307, 308].includes(response.status) && location !== null) {
      await response.body?.cancel().catch(() => undefined);
      const to = URL.canParse(location, url) ? new URL(location, url).origin : "an address that is none";
      throw new RedirectRefused(
        response.status,
        `${new URL(url).host} answers with a redirect to ${to}: enter that address itself.`,
      );
    }
    return response as unknown as Response;
  };

  const agents = createGuardedAgents({ lookup, assertLiteral: (address) => assertAddress(address, address) });
  return { assertUrl, lookup, agents, fetch: guardedFetch as typeof fetch };
}

/** undici wraps what the look-up threw. */
function throwRefusal(error: unknown): never {
  if (error instanceof Error && error.cause instanceof AddressRefused) throw error.cause;
  throw error;
}

/** Global unicast only: no loopback, link-local, private, shared (100.64/10), multicast, reserved or translated address. */
function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  // ::/96 once stood for IPv4 addresses (RFC 4291, 2.5.5.1); the library counts it as unicast.
  if (parsed instanceof ipaddr.IPv6 && parsed.parts.slice(0, 6).every((part) => part === 0)) return false;
  return parsed.range() === "unicast";
}

function allowList(entries: readonly string[]) {
  const hosts = new Set<string>();
  const networks = new BlockList();
  const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");
  for (const entry of entries) {
    const [address = "", bits] = entry.split("/");
    if (bits !== undefined && isIP(address) && /^\d+$/.test(bits))
      networks.addSubnet(address, Number(bits), familyOf(address));
    else if (bits === undefined && isIP(entry)) networks.addAddress(entry, familyOf(entry));
    else if (/^[A-Za-z0-9.-]+$/.test(entry)) hosts.add(entry.toLowerCase());
    else
      throw new AddressRefused(
        `METERPROOF_ALLOWED_ADDRESSES: ${entry} is no host, address or network such as 10.0.0.0/8.`,
      );
  }
  return {
    hasHost: (host: string) => hosts.has(host.toLowerCase()),
    hasAddress(address: string) {
      const plain = ipaddr.process(address).toString();
      return networks.check(plain, familyOf(plain));
    },
  };
}
