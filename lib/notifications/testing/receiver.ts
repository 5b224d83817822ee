import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver of webhooks on loopback that keeps what it got, and answers as it is told. */
export async function aReceiver() {
  const received: Received[] = [];
  let answer = (response: ServerResponse): unknown => response.end("ok");
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push({ path: request.url ?? "", headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    /** The first; throws where nothing came. */
    first(): Received {
      const [first] = received;
      if (!first) throw new Error("Nothing was received.");
      return first;
    },
    answers(how: (response: ServerResponse) => unknown) {
      answer = how;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
