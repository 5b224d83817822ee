import { addDuration, startOfDay } from "../lib/time";
import { addJob, addWattwatchersMeter } from "./fixtures/fleet";
import { beyondTheEdge, violations } from "./fixtures/page-checks";
import { expect, test } from "./fixtures/test";
import { NEXT_DISPATCH_MS } from "./fixtures/waits";

const name = "Carrington Silo";
/** Checks begin every minute, once nothing has changed a meter for a while; a page shows it with its next look. */
const CHECKED_MS = 2 * NEXT_DISPATCH_MS;

// What fades in has less contrast meanwhile.
test.use({ contextOptions: { reducedMotion: "reduce" } });

test("a gap is found, tried with other thresholds, acknowledged, and heals with the readings", async ({
  page,
  api,
  vendor,
}) => {
  test.setTimeout(600_000);
  const device = await vendor.device(8);
  const day = (daysAgo: number) =>
    addDuration(startOfDay(new Date(), device.timezone), `-P${daysAgo}D`, device.timezone);
  const meterId = await addWattwatchersMeter(api, name, device);
  const collect = (daysAgo: number) =>
    addJob(api, { meterId, startAt: day(daysAgo), endAt: day(daysAgo - 1), interval: "P1D" });
  await collect(5);
  await collect(3);
  const found = page.getByRole("listitem").filter({ hasText: "Gap" });

  await test.step("it stands on the meter, in the list of meters and on the overview", async () => {
    await page.goto(`/meters/${meterId}`);
    const card = page.getByRole("link", { name: /Gap .* missing\./ });
    await expect(card).toContainText("288 readings missing", { timeout: CHECKED_MS });
    await page.goto(`/meters?findings=true&q=${encodeURIComponent(name)}`);
    await expect(
      page.getByRole("row").filter({ hasText: name }).getByRole("link", { name: "1", exact: true }),
    ).toBeVisible();
    await page.goto("/");
    await expect(page.getByRole("link", { name: /open finding/ })).toBeVisible();
    await page.goto(`/meters/${meterId}`);
    await card.click();
    await expect(found).toContainText("1440 min, threshold 30 min");
    await page.setViewportSize({ width: 390, height: 900 });
    await expect.poll(() => beyondTheEdge(page)).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(await violations(page)).toEqual([]);
  });

  await test.step("other thresholds say beforehand what they would find", async () => {
    await page.getByRole("button", { name: "Thresholds" }).click();
    const dialog = page.getByRole("dialog", { name: "Thresholds of the checks" });
    const gap = dialog.getByLabel("Gap (min)");
    await gap.fill("none");
    await expect(gap).toHaveAccessibleDescription("A number is needed.");
    await gap.fill("1441");
    await expect(dialog.getByRole("status")).toContainText(/Gap\s*1 to 0/);
    await dialog.getByRole("button", { name: "Gap: back to 30" }).click();
    await expect(gap).toHaveValue("30");
    await expect(dialog.getByRole("button", { name: "Save thresholds" })).toBeDisabled();
    await dialog.getByRole("button", { name: "Cancel" }).click();
  });

  await test.step("it is acknowledged with a reason, and open no more", async () => {
    await found.getByRole("button", { name: "Acknowledge" }).click();
    const dialog = page.getByRole("dialog", { name: "Acknowledge: Gap" });
    await expect(dialog).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Acknowledge" }).click();
    await expect(dialog.getByLabel("Reason")).toHaveAccessibleDescription("Say why in a few words.");
    await dialog.getByLabel("Reason").fill("The silo was without power.");
    await dialog.getByRole("button", { name: "Acknowledge" }).click();
    await expect(page.getByText("No open findings")).toBeVisible();
    await page.getByRole("link", { name: "Acknowledged 1" }).click();
    await expect(found).toContainText("The silo was without power.");
  });

  await test.step("the missing day comes in, and it has healed", async () => {
    await collect(4);
    await page.goto(`/meters/${meterId}?tab=findings&show=healed`);
    await expect(found).toContainText("288 readings missing", { timeout: CHECKED_MS });
    await expect(page.getByRole("link", { name: "Acknowledged 0" })).toBeVisible();
  });
});
