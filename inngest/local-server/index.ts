import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Engine } from "./engine";
import { emitInternalEvent } from "./events/route-event";
import { createHttpServer } from "./http/server";
import { Dispatcher } from "./queue/dispatcher";
import { FunctionRegistry } from "./registration/registry";
import { SyncLoop } from "./registration/sync-loop";
import { type LocalServerOptions, resolveSettings } from "./settings";
import { connect } from "./store/database";
import { migrate } from "./store/migrate";
import { Transactions } from "./store/transactions";
import { Timekeeper } from "./timers/timekeeper";

export type { LocalServerOptions, Log } from "./settings";

/** A running server. */
export interface LocalServer {
  /** What an app is to have as INNGEST_BASE_URL. */
  url: string;
  /** Stops taking and making calls; calls under way get a few seconds to end. */
  close(): Promise<void>;
}

const closeGraceMs = 5_000;

/**
 * Starts the other side of the Inngest SDK on the loopback interface, with all its state in PostgreSQL. Resolves when
 * it listens; apps register whenever they are up.
 */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const settings = resolveSettings(options);
  const sql = connect(settings.databaseUrl, 3);
  const transactions = new Transactions(settings.databaseUrl, 6);
  try {
    await migrate(transactions);
    const functions = new FunctionRegistry();
    await functions.reload(sql);
    const engine: Engine = {
      sql,
      transactions,
      settings,
      functions,
      emit: (tx, name, data) => emitInternalEvent(engine, tx, name, data),
      jobsChanged: () => dispatcher.wake(),
      timersChanged: () => timekeeper.wake(),
    };
    const dispatcher = new Dispatcher(engine);
    const timekeeper = new Timekeeper(engine);
    const sync = new SyncLoop(engine);
    const http = createHttpServer(engine, sync);
    const port = await listen(http, settings.port);
    dispatcher.start();
    timekeeper.wake();
    sync.start();
    return {
      url: `http://127.0.0.1:${port}`,
      close: async () => {
        sync.close();
        http.close();
        http.closeIdleConnections();
        await Promise.all([timekeeper.close(), dispatcher.close(closeGraceMs)]);
        http.closeAllConnections();
        await Promise.all([sql.end({ timeout: 5 }), transactions.end()]);
      },
    };
  } catch (error) {
    await Promise.all([sql.end({ timeout: 5 }), transactions.end()]);
    throw error;
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
