import { expect, it } from "vitest";
import { runAddress } from "./run-address";

it("leads to a run, on the self-hosted dashboard or where the address says", () => {
  expect(runAddress("http://inngest.local:8288/", "01KAJ7")).toBe("http://inngest.local:8288/run?runID=01KAJ7");
  expect(runAddress("https://app.inngest.com/env/production/runs/{runId}", "01KAJ7")).toBe(
    "https://app.inngest.com/env/production/runs/01KAJ7",
  );
});
