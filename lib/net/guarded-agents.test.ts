import { createServer, get } from "node:http";
import { get as getSecurely } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AddressRefused, createAddressGuard } from "./address-guard";

const server = createServer((_request, response) => response.end("reached"));
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const strict = createAddressGuard({ allowed: [] });

/** Past everything that parses URLs: as a client does that composes host names itself. */
function request(host: string, guard = strict, send: typeof get = get): Promise<string> {
  const agent = send === get ? guard.agents.http : guard.agents.https;
  return new Promise((resolve, reject) => {
    const sent = send({ host, port, path: "/", agent }, (response) => {
      response.setEncoding("utf8").on("data", resolve);
    });
    sent.on("error", reject);
  });
}

describe("guarded agents", () => {
  it.each(["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "10.0.0.1", "0.0.0.0"])(
    "open no connection to the address %s",
    async (host) => {
      await expect(request(host)).rejects.toThrow(AddressRefused);
      await expect(request(host, strict, getSecurely as typeof get)).rejects.toThrow(AddressRefused);
    },
  );

  it("open no connection to a name that stands for a refused address", async () => {
    await expect(request("localhost")).rejects.toThrow(AddressRefused);
  });

  it("open what the configuration allows", async () => {
    const guard = createAddressGuard({ allowed: ["127.0.0.1", "localhost"] });
    expect(await request("127.0.0.1", guard)).toBe("reached");
    expect(await request("localhost", guard)).toBe("reached");
    guard.agents.http.destroy();
  });
});
