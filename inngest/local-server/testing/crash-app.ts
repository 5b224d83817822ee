import { appendFileSync } from "node:fs";
import { TestApp, testClient } from "./app";

/**
 * An app as a process that can be killed: `crash-app.ts SERVER_URL PORT FILE`. Its steps write what they do to a file,
 * synchronously, so that every side effect outlives the process.
 */
const [serverUrl = "", port = "0", file = ""] = process.argv.slice(2);
const note = (line: string): void => appendFileSync(file, `${line}\n`);
const work = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 40));

const client = testClient(serverUrl);
const app = new TestApp();
await app.listen(Number(port));
app.mount(client, [
  client.createFunction({ id: "worker", retries: 10, triggers: [{ event: "work/run" }] }, async ({ event, step }) => {
    const { n } = event.data as { n: number };
    for (const name of ["a", "b", "c", "d"]) {
      await step.run(name, async () => {
        note(`begin ${n}${name}`);
        await work();
        note(`end ${n}${name}`);
      });
    }
    await step.sleep("rest", "1s");
    await Promise.all(
      ["x", "y"].map((name) =>
        step.run(name, async () => {
          note(`begin ${n}${name}`);
          await work();
          note(`end ${n}${name}`);
        }),
      ),
    );
    return n;
  }),
  client.createFunction({ id: "slow", retries: 0, triggers: [{ event: "slow/run" }] }, async ({ step }) => {
    await step.run("longer-than-a-lease", async () => {
      note("begin slow");
      await new Promise((resolve) => setTimeout(resolve, 3_500));
      note("end slow");
    });
  }),
]);
note("up");
