import { upload } from "./fixtures/demo";
import { choose, fillNem12Form } from "./fixtures/forms";
import { aestDay, nem12File } from "./fixtures/nem12-file";
import { signIn } from "./fixtures/people";
import { expect, test } from "./fixtures/test";
import { NEXT_DISPATCH_MS } from "./fixtures/waits";

const nmi = "6203778594";
const name = "Dubbo Saleyards";
const prefix = "e2e/dubbo/";
// The day of a file is complete; one day at each side is left so that midnight may pass while the story runs.
const days = [5, 4, 3].map(aestDay);
const file = nem12File(nmi, days);
const kwh = (wh: number, decimals: number) => (wh / 1000).toFixed(decimals);

test.use({ person: null });

test("a NEM12 file in a bucket becomes a chart: meter, job, tasks, total", async ({ page }) => {
  test.setTimeout(180_000);
  await upload(`${prefix}nem12_${days.at(-1)}.csv`, file.text);

  await test.step("the operator signs in", async () => {
    await signIn(page, "operator@demo.test");
    await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  });

  await test.step("adds the meter, after trying the connection", async () => {
    await page.getByRole("link", { name: "Meters", exact: true }).click();
    await page.getByRole("link", { name: "Add meter" }).click();
    await fillNem12Form(page, { name, prefix });
    await page.getByRole("button", { name: "Test connection" }).click();
    const outcome = page.getByRole("status").filter({ hasText: "was reached" });
    await expect(outcome).toContainText("its newest object was read");
    await expect(page.getByText(`${prefix}nem12_${days.at(-1)}.csv`)).toBeVisible();
    await page.getByRole("button", { name: "Add meter" }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(page.getByText("No jobs on this meter yet")).toBeVisible();
  });

  await test.step("adds a job over the days of the file", async () => {
    // In the head of the card, and as the next step below it.
    await page.getByRole("link", { name: "Add job" }).last().click();
    await expect(page.getByRole("combobox", { name: "Meter" })).toHaveValue(name);
    await page.getByLabel("Start").fill(days[0] ?? "");
    await page.getByLabel("End (optional)").fill(aestDay(2));
    await choose(page, "Interval", "1 day P1D");
    await page.getByRole("textbox", { name: "Delay" }).fill("10");
    await choose(page, "Unit of the delay", "minutes");
    await page.getByRole("button", { name: "Add job" }).click();
    await expect(page.getByRole("grid", { name: "Intervals by month and day" })).toBeVisible();
  });

  await test.step("watches its tasks finish, without reloading", async () => {
    const done = page.getByRole("gridcell", { name: /Succeeded, 48 of 48 readings/ });
    await expect(done).toHaveCount(days.length, { timeout: NEXT_DISPATCH_MS });
    // The job ends before the day after: its range is collected.
    await expect(page.getByText("Ended", { exact: true })).toBeVisible();
    await done.first().click();
    await expect(page.getByRole("heading", { level: 2, name: "Timeline" })).toBeVisible();
    await expect(page.getByText("Succeeded", { exact: true }).first()).toBeVisible();
    await page.getByRole("link", { name, exact: true }).click();
  });

  await test.step("sees them on the tasks page", async () => {
    const jobs = page.getByRole("table", { name: "Jobs" });
    await jobs.getByRole("link").first().click();
    await expect(page).toHaveURL(/\/jobs\/[0-9a-f-]+$/);
    await page.goto(`/tasks?job=${page.url().split("/").at(-1)}`);
    const rows = page.getByRole("table", { name: "Tasks" }).getByRole("row");
    await expect(rows.filter({ hasText: "Succeeded" })).toHaveCount(days.length);
  });

  await test.step("sees the chart, and the total of the file under it", async () => {
    await page.goto("/meters");
    await page.getByRole("link", { name }).click();
    await expect(page.getByRole("group", { name: `Energy of ${name} by hour, in 7 days` })).toBeVisible();
    await page.getByRole("link", { name: "Open in Data" }).click();
    await expect(page.getByRole("group", { name: `Energy by hour of ${name}` })).toBeVisible();
    const total = page.getByText("Total", { exact: true }).locator("xpath=following-sibling::b");
    await expect(total).toHaveText(`${kwh(file.netWh, 2)} kWh`);
    await page.getByRole("button", { name: "Day", exact: true }).click();
    const readings = page.getByRole("table", { name: "Readings" });
    for (const wh of file.netWhByDay.values())
      await expect(readings.getByRole("cell", { name: kwh(wh, 3) })).toBeVisible();
  });
});
