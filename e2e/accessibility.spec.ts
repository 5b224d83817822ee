import type { APIRequestContext, Page } from "@playwright/test";
import { shopCsv } from "./fixtures/csv-file";
import { beyondTheEdge, complaintsOf, violations } from "./fixtures/page-checks";
import { expect, test } from "./fixtures/test";
import { NEXT_DISPATCH_MS } from "./fixtures/waits";

// An administrator sees every page and every control.
test.use({ person: "admin", contextOptions: { reducedMotion: "reduce" } });

const soft = expect.configure({ soft: true });

/**
 * A theme changes colours and nothing else, and phones share one layout: what a look can find that those before it could not.
 */
const ofColours = ["color-contrast", "link-in-text-block"];
const looks = [
  { width: 1440, colorScheme: "light" },
  { width: 1440, colorScheme: "dark", only: ofColours },
  { width: 390, colorScheme: "light" },
  { width: 360, colorScheme: "dark", only: ofColours },
] as const;

/** Every page and tab of the console. Ids are of the demo's fleet. */
async function pagesOf(api: APIRequestContext): Promise<Record<string, string>> {
  const itemsOf = async (path: string) => (await (await api.get(path)).json()).items;
  const [job] = await itemsOf("/api/v1/jobs?search=Toowoomba&limit=1");
  const done = () => itemsOf(`/api/v1/tasks?jobId=${job.id}&state=succeeded&limit=1`);
  await expect.poll(async () => (await done()).length, { timeout: NEXT_DISPATCH_MS }).toBe(1);
  const [task] = await done();
  const records = () => itemsOf("/api/v1/mrv-records?limit=1");
  await expect.poll(async () => (await records()).length, { timeout: NEXT_DISPATCH_MS }).toBe(1);
  const [record] = await records();
  return {
    overview: "/",
    meters: "/meters",
    "meters without a hit": "/meters?q=nothing-is-called-so",
    meter: `/meters/${job.meterId}`,
    "meter, jobs": `/meters/${job.meterId}?tab=jobs`,
    "meter, findings": `/meters/${job.meterId}?tab=findings`,
    "meter, healed findings": `/meters/${job.meterId}?tab=findings&show=healed`,
    "meter, settings": `/meters/${job.meterId}?tab=settings`,
    "add meter": "/meters/new",
    "edit meter": `/meters/${job.meterId}/edit`,
    jobs: "/jobs",
    "jobs without a hit": "/jobs?q=nothing-is-called-so",
    "job by hours": `/jobs/${job.id}?view=hours`,
    "job by days, with a backfill planned": `/jobs/${job.id}?view=days&plan=true`,
    "job, list": `/jobs/${job.id}?tab=list`,
    "job, backfills": `/jobs/${job.id}?tab=backfills`,
    "job, settings": `/jobs/${job.id}?tab=settings`,
    "edit job": `/jobs/${job.id}/edit`,
    "add job": `/jobs/new?meter=${job.meterId}`,
    tasks: "/tasks",
    task: `/tasks/${task.id}`,
    data: `/data?meters=${job.meterId}`,
    "MRV review": "/mrv/review",
    "MRV review without a hit": "/mrv/review?q=nothing-is-called-so",
    "MRV records": "/mrv/records",
    "MRV records without a hit": "/mrv/records?q=nothing-is-called-so",
    record: `/mrv/records/${record.id}`,
    "record, evidence": `/mrv/records/${record.id}?tab=evidence`,
    "record, readings": `/mrv/records/${record.id}?tab=readings`,
    "record, objects": `/mrv/records/${record.id}?tab=trace`,
    "meter, records": `/meters/${record.meterId}?tab=records`,
    device: `/devices/${record.deviceId}`,
    factors: "/factors",
    activity: "/activity",
    users: "/settings",
    tokens: "/settings/tokens",
    notifications: "/settings/notifications",
    "not found": "/meters/00000000-0000-7000-8000-000000000000",
  };
}

/** The page as it stands: wide and narrow, light and dark. */
async function lookAt(page: Page, what: string): Promise<void> {
  for (const { width, colorScheme, ...rules } of looks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    // A chart follows a new width a frame later.
    await soft.poll(() => beyondTheEdge(page), { message: `${what}: pixels beyond the edge at ${width}` }).toBe(0);
    soft(await violations(page, rules), `${what}, ${colorScheme}, ${width} px`).toEqual([]);
  }
}

test("no page has an axe violation, scrolls sideways or logs an error", async ({ page, api }) => {
  test.setTimeout(480_000);
  const complaints = complaintsOf(page);
  for (const [what, path] of Object.entries(await pagesOf(api))) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator("main [aria-busy='true']")).toHaveCount(0);
    await lookAt(page, what);
    soft(complaints(), `${what}: complaints of the browser`).toEqual([]);
  }
});

test("nor has what opens over a page", async ({ page, api }) => {
  test.setTimeout(240_000);
  const complaints = complaintsOf(page);
  const opened = page.getByRole("dialog");
  const [meter] = (await (await api.get("/api/v1/meters?limit=1")).json()).items;
  for (const [path, button] of [
    ["/", /^Find/],
    ["/", "Keys"],
    ["/factors", "Add factor"],
    ["/factors", "Recompute"],
    ["/settings", "Add user"],
    ["/settings/tokens", "Add token"],
    ["/settings/notifications", "Add channel"],
    ["/activity", /^Details of row/],
    [`/meters/${meter.id}?tab=findings`, "Thresholds"],
  ] as const) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(path);
    await page.getByRole("button", { name: button }).first().click();
    await expect(opened).toBeVisible();
    await lookAt(page, `${path}, ${button}`);
  }
  expect(complaints()).toEqual([]);
});

test("nor have a mapping with its preview, and an upload before it is ingested", async ({ page, api }) => {
  test.setTimeout(180_000);
  const complaints = complaintsOf(page);
  const { text } = shopCsv([4, 3], { badLine: true });
  const mapping = {
    ...{ skipLines: 1, stampColumn: "Date and time", stampFormat: "DD/MM/YYYY HH:mm", stampIs: "end" },
    values: [{ column: "Bezug", metric: "eRealPositiveKwh", unit: "kWh" }],
  };
  const added = await api.post("/api/v1/meters", {
    data: {
      name: "Shop to look at",
      type: "CSV",
      dataSourceType: "UPLOAD",
      timezone: "Australia/Brisbane",
      settings: mapping,
    },
  });
  const { id } = await added.json();
  const sent = await api.post(`/api/v1/meters/${id}/uploads?fileName=shop.csv`, { data: Buffer.from(text) });
  const upload = await sent.json();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`/meters/${id}?upload=new`);
  await expect(page.getByRole("button", { name: "Choose files" })).toBeVisible();
  await lookAt(page, "choosing files");
  await page.goto(`/meters/${id}?upload=${upload.id}`);
  await expect(page.getByRole("table", { name: "Readings by day" })).toBeVisible();
  await lookAt(page, "an upload's preview");
  await page.goto(`/meters/${id}/edit`);
  // As a person does, who presses again where the page was not ready: what is put into the input before is not noticed.
  await expect(async () => {
    const chooser = page.waitForEvent("filechooser", { timeout: 3_000 });
    await page.getByRole("button", { name: "Choose a sample file" }).click();
    await (await chooser).setFiles({ name: "shop.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  }).toPass();
  await expect(page.getByRole("table", { name: "First readings" })).toBeVisible();
  await lookAt(page, "a mapping with its preview");
  expect(complaints()).toEqual([]);
});

test("nor has the sign-in page", async ({ browser }) => {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto("/sign-in");
  await expect(page.getByText("All services healthy")).toBeVisible();
  await lookAt(page, "sign-in");
  expect(complaints()).toEqual([]);
  await context.close();
});
