import { type ClientRequestArgs, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { Duplex } from "node:stream";

export interface GuardedAgents {
  http: HttpAgent;
  https: HttpsAgent;
}

interface Guards {
  lookup: LookupFunction;
  /** Throws for an address that must not be reached. */
  assertLiteral(address: string): void;
}

type Connected = (error: Error | null, stream: Duplex) => void;

/** Agents of Node's http that keep connections alive and open none to an address that is refused. */
export function createGuardedAgents({ lookup, assertLiteral }: Guards): GuardedAgents {
  const settings = { keepAlive: true, maxSockets: 50, lookup };

  /** Node looks up names only: an address in the URL would be connected to unseen. */
  function refusalOf(host: string | null | undefined): Error | undefined {
    const address = (host ?? "").replace(/^\[|\]$/g, "");
    if (!isIP(address)) return undefined;
    try {
      assertLiteral(address);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  class Http extends HttpAgent {
    override createConnection(options: ClientRequestArgs, connected?: Connected): Duplex | null | undefined {
      const refusal = refusalOf(options.host);
      return refusal ? refuse(refusal, connected) : super.createConnection(options, connected);
    }
  }
  class Https extends HttpsAgent {
    override createConnection(options: ClientRequestArgs, connected?: Connected): Duplex | null | undefined {
      const refusal = refusalOf(options.host);
      return refusal ? refuse(refusal, connected) : super.createConnection(options, connected);
    }
  }
  return { http: new Http(settings), https: new Https(settings) };
}

/** Through the callback, so that it becomes the request's error event wherever the agent opens connections. */
function refuse(refusal: Error, connected: Connected | undefined): undefined {
  process.nextTick(() => (connected as ((error: Error) => void) | undefined)?.(refusal));
}
