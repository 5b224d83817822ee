import http from "node:http";
import type { AddressInfo } from "node:net";
import { Inngest, type InngestFunction } from "inngest";
import { serve } from "inngest/node";

/** Keys that tests use on both sides. */
export const keys = { signingKey: `signkey-test-${"ab12".repeat(16)}`, eventKey: "test-event-key" };

// The SDK's own remarks on failing functions are not news in tests of failing functions.
const ignore = (): void => undefined;
const silent = { info: ignore, warn: ignore, error: ignore, debug: ignore };

/** A client of the server under test, as an app would make it. */
export function testClient(baseUrl: string, id = "app"): Inngest {
  return new Inngest({ id, baseUrl, isDev: false, logger: silent, ...keys });
}

/** A request as the app saw it. */
export interface SeenRequest {
  method: string;
  url: URL;
  headers: http.IncomingHttpHeaders;
}

/** An app that serves functions with the real SDK over node:http, on a port of its own. */
export class TestApp {
  readonly requests: SeenRequest[] = [];
  readonly #server: http.Server;
  #handler: http.RequestListener = (_, response) => response.writeHead(503).end();

  constructor() {
    this.#server = http.createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      this.requests.push({ method: request.method ?? "", url, headers: request.headers });
      this.#handler(request, response);
    });
  }

  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  /** What the server is to be given as SDK URL. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/inngest`;
  }

  /** Serves these functions from now on, instead of those before. */
  mount(client: Inngest, functions: InngestFunction.Any[]): void {
    this.#handler = serve({ client, functions });
  }

  /** Answers with something else than the SDK. */
  answerWith(handler: http.RequestListener): void {
    this.#handler = handler;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
