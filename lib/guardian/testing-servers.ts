import type { AddressInfo, Server, Socket } from "node:net";
import { afterEach } from "vitest";

/** Servers of a test on free ports; with the connections they have, they are gone after it. */
export function testServers() {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  });
  return {
    servers,
    /** Gives the port. */
    async listen(server: Server): Promise<number> {
      servers.push(server);
      server.on("connection", (socket) => {
        sockets.add(socket);
        socket.on("error", () => undefined);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return (server.address() as AddressInfo).port;
    },
  };
}
