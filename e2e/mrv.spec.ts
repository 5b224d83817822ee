import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { APIRequestContext, Page } from "@playwright/test";
import type { RecordSummary } from "../lib/mrv/schemas";
import { arrivalsOf } from "./fixtures/demo";
import { sessionOf } from "./fixtures/people";
import { expect, test } from "./fixtures/test";
import { NEXT_DISPATCH_MS } from "./fixtures/waits";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");

/** Collection, extraction and verification of a week come one after another. */
const FIRST_RECORDS_MS = 240_000;

type Record = Omit<RecordSummary, "periodStart" | "periodEnd"> & { periodStart: string; credentialId: string | null };

test.use({ person: "reviewer" });

async function recordsOf(api: APIRequestContext, search: string, status: string): Promise<Record[]> {
  const answer = await api.get(`/api/v1/mrv-records?${new URLSearchParams({ search, status, limit: "100" })}`);
  expect(answer.ok(), await answer.text()).toBe(true);
  const { items } = (await answer.json()) as { items: Record[] };
  return items.sort((a, b) => b.periodStart.localeCompare(a.periodStart));
}

/** The newest record that waits: the demo's own reviewer takes the oldest. */
async function waitingRecord(api: APIRequestContext, search: string): Promise<Record> {
  await expect
    .poll(async () => (await recordsOf(api, search, "submitted")).length, { timeout: FIRST_RECORDS_MS })
    .toBeGreaterThan(0);
  const [record] = await recordsOf(api, search, "verified");
  if (!record) throw new Error(`No record of ${search} waits for review.`);
  return record;
}

async function readRecord(api: APIRequestContext, id: string): Promise<Record> {
  return (await (await api.get(`/api/v1/mrv-records/${id}`)).json()) as Record;
}

async function openInReview(page: Page, record: Record): Promise<void> {
  await page.goto(`/mrv/review?record=${record.id}`);
  await expect(page.getByRole("heading", { level: 2, name: record.meterName })).toBeVisible();
  await expect(page.getByRole("toolbar", { name: "Decision" })).toBeVisible();
}

test("a record that is approved by keyboard arrives verified, once, and anyone can recompute it", async ({
  page,
  api,
}, info) => {
  test.setTimeout(FIRST_RECORDS_MS + 240_000);
  const record = await waitingRecord(api, "Ballarat");
  await openInReview(page, record);
  await page.keyboard.press("a");
  await expect(page.getByRole("dialog").filter({ hasText: "Approved" })).toBeVisible();
  await expect
    .poll(async () => (await readRecord(api, record.id)).status, { timeout: NEXT_DISPATCH_MS })
    .toBe("submitted");

  const { credentialId } = await readRecord(api, record.id);
  const arrived = await arrivalsOf(api, credentialId ?? "");
  expect(arrived.map(({ verdict }) => verdict)).toEqual(["VERIFIED"]);

  await page.goto(`/mrv/records/${record.id}`);
  await expect(page.getByText("Submitted", { exact: true }).first()).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Evidence bundle" }).click(),
  ]);
  const bundle = info.outputPath("bundle.zip");
  await download.saveAs(bundle);
  const { stdout } = await run(process.execPath, ["scripts/launch.mjs", "verify-evidence", bundle], { cwd: root });
  expect(stdout).toContain("EQUAL");
});

test("a record is rejected with a reason, extracted again, and the new one names it", async ({ page, api }) => {
  test.setTimeout(FIRST_RECORDS_MS + 240_000);
  const record = await waitingRecord(api, "Parramatta");
  await openInReview(page, record);
  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog", { name: /^Reject/ });
  await dialog.getByRole("button", { name: "Reject" }).click();
  await expect(dialog.getByText("Say why.")).toBeVisible();
  await dialog.getByLabel("Reason").fill("The inverter was replaced that day.");
  await dialog.getByRole("button", { name: "Reject" }).click();
  await expect.poll(async () => (await readRecord(api, record.id)).status).toBe("rejected");

  await page.goto(`/mrv/records/${record.id}`);
  await expect(page.getByText("The inverter was replaced that day.").first()).toBeVisible();
  await page.getByRole("button", { name: "Extract again" }).click();
  const question = page.getByRole("dialog", { name: "Extract this period again?" });
  await question.getByLabel("Reason").fill("The old inverter's readings are in now.");
  await question.getByRole("button", { name: "Extract again" }).click();
  await expect
    .poll(async () => (await recordsOf(api, "Parramatta", "verified")).map(({ replacesId }) => replacesId), {
      timeout: NEXT_DISPATCH_MS,
    })
    .toContain(record.id);
  await page.reload();
  await page.getByRole("link", { name: "Open the one that counts" }).click();
  await expect(page).not.toHaveURL(new RegExp(record.id));
});

test("who forced a collection of the period cannot approve it, and is told who can", async ({ browser, api }) => {
  test.setTimeout(FIRST_RECORDS_MS + 120_000);
  const context = await browser.newContext({ storageState: sessionOf("admin") });
  const page = await context.newPage();
  const record = await waitingRecord(api, "Ballarat");
  const from = record.periodStart;
  const to = new Date(Date.parse(from) + 3_600_000).toISOString();
  const tasks = await api.get(
    `/api/v1/tasks?${new URLSearchParams({ meterId: record.meterId, state: "succeeded", from, to })}`,
  );
  const [task] = ((await tasks.json()) as { items: { id: string; type: string }[] }).items;
  await page.goto("/tasks");
  const status = await page.evaluate(async (taskId) => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ taskIds: [taskId], force: true });
    return (await fetch("/api/v1/tasks/retry", { method: "POST", headers, body })).status;
  }, task?.id);
  expect(status).toBe(200);

  await openInReview(page, record);
  const decision = page.getByRole("toolbar", { name: "Decision" });
  await expect(decision).toContainText("Rita Reviewer can approve it");
  await expect(decision.getByRole("button", { name: /^Approve/ })).toBeDisabled();
  const answer = await page.evaluate(
    async ({ id, evidenceHash }) => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ evidenceHash });
      const response = await fetch(`/api/v1/mrv-records/${id}/approve`, { method: "POST", headers, body });
      return { status: response.status, body: await response.text() };
    },
    { id: record.id, evidenceHash: record.evidenceHash },
  );
  expect(answer.status, answer.body).toBe(403);
  await context.close();
});

test("a record whose answer was lost is sent once, and a person says what became of it", async ({ page, api }) => {
  test.setTimeout(FIRST_RECORDS_MS + 120_000);
  await expect
    .poll(async () => (await recordsOf(api, "Marrickville", "submission_unknown")).length, {
      timeout: FIRST_RECORDS_MS,
    })
    .toBe(1);
  const [record] = await recordsOf(api, "Marrickville", "submission_unknown");
  const { credentialId } = await readRecord(api, record?.id ?? "");
  expect(await arrivalsOf(api, credentialId ?? "")).toHaveLength(1);

  await page.goto(`/mrv/records/${record?.id}`);
  await expect(page.getByText("Nobody knows whether this record arrived")).toBeVisible();
  await page.getByRole("button", { name: "It arrived" }).click();
  const question = page.getByRole("dialog", { name: "The policy has this record?" });
  await question.getByLabel("Reason").fill("Its id stands among the policy's documents.");
  await question.getByRole("button", { name: "It arrived" }).click();
  await expect.poll(async () => (await readRecord(api, record?.id ?? "")).status).toBe("submitted");
  expect(await arrivalsOf(api, credentialId ?? "")).toHaveLength(1);
});
