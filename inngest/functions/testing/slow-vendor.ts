import http from "node:http";
import type { AddressInfo } from "node:net";

/** Energy of a device's interval: another value for every device and interval. */
export function energyOf(device: string, startEpochSeconds: number): number {
  return (Number(device.slice(-2)) * 1_000 + ((startEpochSeconds / 300) % 997)) / 1_000;
}

/** Wattwatchers long energy of any device, each answer after a pause in which a caller can die. */
export async function startSlowVendor(pauseMs: number) {
  const calls: string[] = [];
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://vendor");
    calls.push(url.href);
    const device = url.pathname.split("/").at(-1) ?? "";
    const rows: object[] = [];
    for (let end = Number(url.searchParams.get("fromTs")); end < Number(url.searchParams.get("toTs")); end += 300) {
      const energy = energyOf(device, end - 300);
      rows.push({
        timestamp: end,
        duration: 300,
        eRealKwh: [energy],
        eRealPositiveKwh: [energy],
        eRealNegativeKwh: [0],
        eReactiveKwh: [0],
        vRMSMin: [229],
        vRMSMax: [231],
        iRMSMin: [1],
        iRMSMax: [2],
      });
    }
    setTimeout(() => {
      response.writeHead(200, { "content-type": "application/json", "x-ratelimit-tpslimit": "1000" });
      response.end(JSON.stringify(rows));
    }, pauseMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
