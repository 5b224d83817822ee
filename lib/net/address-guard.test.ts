import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AddressRefused, createAddressGuard } from "./address-guard";

const strict = createAddressGuard({ allowed: [] });
let port = 0;
const server = createServer((request, response) => {
  if (request.url === "/away") response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
  else response.end("reached");
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise<unknown>((resolve) => server.close(resolve)));

describe("address guard", () => {
  it.each([
    "http://127.0.0.1/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://0x7f.1/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://169.254.169.254/latest/meta-data",
    "http://[fe80::1]/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://[fd00::1]/",
    "http://0.0.0.0/",
    "http://224.0.0.1/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "not an address",
  ])("refuses %s", (url) => {
    expect(() => strict.assertUrl(url)).toThrow(AddressRefused);
  });

  it("lets public addresses and names pass", () => {
    expect(() => strict.assertUrl("https://93.184.216.34/")).not.toThrow();
    expect(() => strict.assertUrl("https://s3.ap-southeast-2.amazonaws.com/")).not.toThrow();
  });

  it("checks the address a name stands for when it connects", async () => {
    await expect(strict.fetch(`http://localhost:${port}/`)).rejects.toThrow(AddressRefused);
    await expect(strict.fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow(/METERPROOF_ALLOWED_ADDRESSES/);
  });

  it("reaches what the configuration allows: host, address or network", async () => {
    for (const allowed of ["localhost", "127.0.0.1", "127.0.0.0/8"]) {
      const guard = createAddressGuard({ allowed: [allowed, "::1"] });
      const response = await guard.fetch(`http://${allowed === "localhost" ? "localhost" : "127.0.0.1"}:${port}/`);
      expect(await response.text()).toBe("reached");
    }
  });

  it("follows no redirect and says where it leads", async () => {
    const guard = createAddressGuard({ allowed: ["127.0.0.1"] });
    await expect(guard.fetch(`http://127.0.0.1:${port}/away`)).rejects.toThrow(/169\.254\.169\.254/);
  });

  it("names an entry of the configuration that is none", () => {
    expect(() => createAddressGuard({ allowed: ["10.0.0.0/x"] })).toThrow(/10\.0\.0\.0\/x/);
  });
});
