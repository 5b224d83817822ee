import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { testDatabase } from "../../lib/db/testing";
import { secretBoxOf } from "../../lib/runtime";
import { aDevice } from "../../lib/testing/builders";
import { StartError } from "../start-error";
import { assertKeysFit, prepareDatabase } from "./database";
import type { Secrets } from "./secrets-file";

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

/** A place that takes connections and does this with them. */
async function placeThat(meets: (socket: Socket) => void): Promise<string> {
  const listening = createServer((socket) => meets(socket.on("error", () => undefined)));
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const address = listening.address();
  if (address === null || typeof address === "string") throw new Error("It has no port.");
  return `127.0.0.1:${address.port}`;
}

const refusalOf = async (url: string) => {
  const error = await prepareDatabase(url).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StartError);
  expect(String(error)).not.toContain("secret");
  return String(error);
};

describe("a DATABASE_URL that cannot be used is refused in one sentence, without its password", () => {
  it("where nothing listens", async () => {
    const place = await placeThat(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    expect(await refusalOf(`postgres://mp:secret@${place}/mp`)).toContain("refuses connections");
  });

  it("where something takes the connection and says nothing", async () => {
    const place = await placeThat(() => undefined);
    expect(await refusalOf(`postgres://mp:secret@${place}/mp`)).toContain("does not answer");
  });

  it.each<["closes" | "resets", (socket: Socket) => void]>([
    ["closes", (socket) => socket.destroy()],
    ["resets", (socket) => socket.resetAndDestroy()],
  ])("where something takes the connection and %s it", async (_, end) => {
    const place = await placeThat((socket) => setTimeout(() => end(socket), 20));
    expect(await refusalOf(`postgres://mp:secret@${place}/mp`)).toContain("does not answer");
  });

  it("where the user is none of its users", async () => {
    const url = new URL(process.env.TEST_DATABASE_URL ?? "");
    url.username = "nobody_of_that_name";
    url.password = "secret";
    expect(await refusalOf(url.href)).toContain("refuses the user or the password");
  });

  it("where there is no such database", async () => {
    const url = new URL(process.env.TEST_DATABASE_URL ?? "");
    url.pathname = "/no_database_of_that_name";
    expect(String(await prepareDatabase(url.href).catch((thrown: unknown) => thrown))).toContain("create it first");
  });

  it("where it is no address of PostgreSQL", async () => {
    expect(await refusalOf("mysql://mp:secret@127.0.0.1/mp")).toContain("DATABASE_URL must be an address");
  });
});

describe("keys that do not open what the database holds are refused before anything starts", () => {
  const database = testDatabase();
  const secretsWith = (fill: number) =>
    ({
      METERPROOF_SECRET_KEYS: `k1:${Buffer.alloc(32, fill).toString("base64")}`,
      METERPROOF_FINGERPRINT_KEY: Buffer.alloc(32, 2).toString("base64"),
    }) as Secrets;

  it("where they are of a device that signs", async () => {
    await assertKeysFit(database.url, secretsWith(1));
    await aDevice(database.db, { box: secretBoxOf(secretsWith(1)) });
    await assertKeysFit(database.url, secretsWith(1));
    await expect(assertKeysFit(database.url, secretsWith(3))).rejects.toThrow(StartError);
  });
});
