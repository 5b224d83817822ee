import { addDuration, civilDate, startOfDay } from "../lib/time";
import { addJob, addWattwatchersMeter } from "./fixtures/fleet";
import { expect, test } from "./fixtures/test";
import { NEXT_DISPATCH_MS } from "./fixtures/waits";

const name = "Erskineville Cold Room";

test("a vendor fails, the console says so, and what failed heals", async ({ page, api, vendor }) => {
  test.setTimeout(240_000);
  const device = await vendor.device(6);
  const { timezone } = device;
  const day = (daysAgo: number) => addDuration(startOfDay(new Date(), timezone), `-P${daysAgo}D`, timezone);
  // Four days that follow each other within a month are a row of the grid.
  const month = (daysAgo: number) => civilDate(day(daysAgo), timezone).slice(0, 7);
  const last = [1, 2, 3, 4].find((daysAgo) => month(daysAgo) === month(daysAgo + 3)) ?? 1;
  const row = { startAt: day(last + 3), endAt: day(last - 1) };
  const before = { startAt: day(last + 6), endAt: day(last + 5) };
  // Only calls for this device, so that the other stories keep their vendor.
  await vendor.give({ "500": { rate: 1, path: device.id } });
  const meterId = await addWattwatchersMeter(api, name, device);
  const strict = await addJob(api, { meterId, ...row, interval: "P1D", maxRetries: 0 });
  const patient = await addJob(api, { meterId, ...before, interval: "P1D", maxRetries: 5 });
  const tasks = page.getByRole("table", { name: "Tasks" }).getByRole("row");
  // By the state's own cell: the reason beside it says "failed", too.
  const inState = (word: string) => tasks.filter({ has: page.getByRole("cell", { name: word, exact: true }) });

  await test.step("tasks without retries fail, the one with retries waits, both with the reason", async () => {
    await page.goto(`/tasks?meter=${meterId}`);
    await expect(inState("Failed")).toHaveCount(4, { timeout: NEXT_DISPATCH_MS });
    await expect(inState("Waiting to retry")).toHaveCount(1, { timeout: NEXT_DISPATCH_MS });
    await expect(tasks.filter({ hasText: /VENDOR_FAILED\s*Wattwatchers failed to answer \(500\)/ })).toHaveCount(5);
    await page.goto("/");
    const needs = page.getByRole("link", { name: /\d+ failed tasks/ });
    await expect(needs).toContainText("can be retried");
  });

  await test.step("a failed task shows what was asked and what the vendor said", async () => {
    await page.goto(`/tasks?job=${strict}`);
    await tasks.nth(1).getByRole("link", { name }).click();
    await expect(page.getByRole("code").filter({ hasText: "500 VENDOR_FAILED" })).toBeVisible();
    await expect(page.locator("pre")).toContainText(`/long-energy/${device.id}`);
    await expect(page.getByRole("main")).not.toContainText(device.key);
  });

  await test.step("a page instead of data is told apart from a failure", async () => {
    await vendor.give({ htmlPage: { rate: 1, path: device.id } });
    await page.goto(`/tasks?job=${patient}`);
    await expect(tasks.filter({ hasText: /HTML_PAGE.* is a web page, not JSON/ })).toHaveCount(1, {
      timeout: NEXT_DISPATCH_MS,
    });
  });

  await vendor.give({});

  await test.step("one is retried from its page", async () => {
    await page.goto(`/tasks?job=${strict}`);
    await tasks.nth(1).getByRole("link", { name }).click();
    await page.getByRole("button", { name: "Retry from collection" }).click();
    await expect(page.getByText("1 task queued")).toBeVisible();
  });

  await test.step("the others together, after a look at what will happen", async () => {
    await page.goto(`/jobs/${strict}`);
    const failed = page.getByRole("gridcell", { name: /Failed, 0 of 288 readings/ });
    await expect(failed).toHaveCount(3);
    await failed.first().hover();
    await page.mouse.down();
    await failed.last().hover();
    await page.mouse.up();
    await page.getByRole("button", { name: "Retry 3" }).click();
    const preview = page.getByRole("dialog", { name: "Retry tasks" });
    await expect(preview).toContainText("3 failed");
    await preview.getByRole("button", { name: "Retry 3 tasks" }).click();
    await expect(page.getByText("3 tasks queued")).toBeVisible();
  });

  await test.step("the one that waits is asked not to wait", async () => {
    await page.goto(`/tasks?job=${patient}`);
    await tasks.nth(1).getByRole("link", { name }).click();
    const retry = page.getByRole("button", { name: "Retry now" });
    const done = page.getByText("Succeeded", { exact: true }).first();
    // Its own wait may just have ended.
    await expect(retry.or(done).first()).toBeVisible();
    if (await retry.isVisible()) await retry.click();
    await expect(done).toBeVisible({ timeout: NEXT_DISPATCH_MS });
  });

  await test.step("everything is there", async () => {
    await page.goto(`/jobs/${strict}`);
    await expect(page.getByRole("gridcell", { name: /Succeeded, 288 of 288 readings/ })).toHaveCount(4, {
      timeout: NEXT_DISPATCH_MS,
    });
    await page.goto(`/tasks?meter=${meterId}`);
    await expect(inState("Succeeded")).toHaveCount(5);
  });
});
