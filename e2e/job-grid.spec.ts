import { upload } from "./fixtures/demo";
import { addJob, addNem12Meter } from "./fixtures/fleet";
import { aestDay, nem12File } from "./fixtures/nem12-file";
import { expect, test } from "./fixtures/test";
import { NEXT_DISPATCH_MS } from "./fixtures/waits";

const midnight = (daysAgo: number) => new Date(`${aestDay(daysAgo)}T00:00:00+10:00`);
/** Days ago of two days that follow each other within a month: a row of the grid. */
const [first, second] = aestDay(5).slice(0, 7) === aestDay(4).slice(0, 7) ? [5, 4] : [6, 5];

test("restated files are fetched again from the grid, after a look at what will happen", async ({ page, api }) => {
  test.setTimeout(240_000);
  const prefix = "e2e/orange/";
  const days = [first, second].map(aestDay);
  const send = (extraWh: number) => upload(`${prefix}days.csv`, nem12File("6203778595", days, extraWh).text);
  await send(0);
  const meterId = await addNem12Meter(api, "Orange Cherry Packers", prefix);
  const range = { startAt: midnight(first), endAt: midnight(second - 1) };
  const jobId = await addJob(api, { meterId, ...range, interval: "P1D", delay: "PT0S" });
  await page.goto(`/jobs/${jobId}`);
  const collected = page.getByRole("gridcell", { name: /Succeeded, 48 of 48 readings$/ });
  await expect(collected).toHaveCount(2, { timeout: NEXT_DISPATCH_MS });
  await send(40);

  const preview = page.getByRole("region", { name: "Backfill preview" });
  const line = (name: string) => preview.getByText(name, { exact: true }).locator("xpath=following-sibling::b");

  await test.step("two cells are selected with the keyboard", async () => {
    await collected.first().focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowRight");
    const bar = page.getByRole("toolbar", { name: "Selected intervals" });
    await expect(bar).toContainText("2 intervals");
    await expect(bar).toContainText("2 succeeded");
    await bar.getByRole("button", { name: "Backfill" }).click();
  });

  const which = preview.getByRole("group", { name: "Which intervals" });

  await test.step("nothing failed or is missing; all of it would be done again", async () => {
    await expect(which.getByRole("button", { name: "+ no data 0" })).toBeVisible();
    await expect(line("Tasks")).toHaveText("0");
    await expect(preview.getByRole("button", { name: "Nothing to run" })).toBeDisabled();
    await which.getByRole("button", { name: "All 2" }).click();
    await preview.getByRole("switch", { name: "Fetch again" }).check();
    await expect(line("Tasks")).toHaveText("2");
    await expect(line("Readings overwritten")).toHaveText("up to 96");
  });

  await test.step("what changed since it was counted is refused", async () => {
    const filter = { jobId, from: midnight(first), to: midnight(second) };
    const order = async (body: object) => (await api.post("/api/v1/tasks/retry", { data: { filter, ...body } })).json();
    const { planToken } = await order({ dryRun: true });
    await order({ planToken });
    await preview.getByRole("button", { name: "Run 2 tasks" }).click();
    await expect(preview.getByText("Refused and counted again")).toBeVisible();
  });

  await test.step("the run fetches them again, and the grid marks what was restated", async () => {
    // The one that was retried above finishes first.
    await expect(async () => {
      await which.getByRole("button", { name: /^Failed/ }).click();
      await which.getByRole("button", { name: /^All/ }).click();
      await expect(preview.locator("[aria-busy='true']")).toHaveCount(0);
      await expect(line("Tasks")).toHaveText("2", { timeout: 2_000 });
    }).toPass({ timeout: NEXT_DISPATCH_MS });
    const placeOfGrid = () =>
      page.getByRole("grid").evaluate((grid) => grid.getBoundingClientRect().top + window.scrollY);
    const before = await placeOfGrid();
    await preview.getByRole("button", { name: "Run 2 tasks" }).click();
    await expect(page.getByText("2 tasks queued")).toBeVisible();
    await expect(page.getByText("It starts now.")).toBeVisible();
    await expect(page.getByRole("link", { name: /^Backfill running/ })).toBeVisible();
    expect(await placeOfGrid(), "a backfill that runs moves nothing").toBe(before);
    await expect(page.getByRole("gridcell", { name: /Succeeded, 48 of 48 readings, 48 restated/ })).toHaveCount(2, {
      timeout: NEXT_DISPATCH_MS,
    });
  });

  await test.step("what is checked in the list is previewed, too, before it runs", async () => {
    await page.getByRole("link", { name: "List", exact: true }).click();
    const rows = page.getByRole("table", { name: "Intervals" }).getByRole("row");
    await rows.nth(1).getByRole("checkbox").click();
    await page.getByRole("toolbar", { name: "Checked intervals" }).getByRole("button", { name: "Retry…" }).click();
    const dialog = page.getByRole("dialog", { name: "Retry tasks" });
    await expect(dialog).toContainText("1 succeeded");
    await dialog.getByRole("button", { name: "Retry 1 task" }).click();
    await expect(page.getByText("1 task queued")).toBeVisible();
  });
});

test("a job is paused, resumed and ended", async ({ page, api }) => {
  const meterId = await addNem12Meter(api, "Cowra Japanese Garden", "e2e/cowra/");
  const jobId = await addJob(api, { meterId, startAt: new Date(), interval: "P1D" });
  await page.goto(`/jobs/${jobId}`);
  await page.getByRole("button", { name: "Pause" }).click();
  await page
    .getByRole("dialog", { name: /^Pause Cowra/ })
    .getByRole("button", { name: "Pause job" })
    .click();
  await expect(page.getByText("Job paused")).toBeVisible();
  await expect(page.getByRole("button", { name: "Resume" })).toBeVisible();
  await page.goto("/jobs?status=paused");
  const row = page.getByRole("row").filter({ hasText: "Cowra Japanese Garden" });
  await expect(row).toContainText("Paused");
  await row.getByRole("link").first().click();
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("Job resumed")).toBeVisible();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "End job" }).click();
  const question = page.getByRole("dialog", { name: /^End Cowra Japanese Garden/ });
  await expect(question).toContainText("cannot be resumed");
  await question.getByRole("button", { name: "End job" }).click();
  await expect(page.getByText("Job ended")).toBeVisible();
  await expect(page.getByRole("button", { name: /Pause|Resume|More actions/ })).toHaveCount(0);
});
