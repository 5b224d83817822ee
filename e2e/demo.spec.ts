import { expect, test } from "@playwright/test";
import { demoFileSites, demoSites, demoSolcastSites } from "../scripts/supervisor/demo-sites";

test("the demo starts with its fleet, and readings arrive", async ({ request }) => {
  test.setTimeout(180_000);
  const headers = { authorization: `Bearer ${process.env.DEMO_API_TOKEN}` };
  const meters = await request.get("/api/v1/meters?limit=100", { headers });
  expect(meters.status()).toBe(200);
  const names: string[] = (await meters.json()).items.map(({ name }: { name: string }) => name);
  const planted = [...demoSites(), ...demoSolcastSites(), ...demoFileSites("", 0)].map(({ name }) => name);
  expect(planted).toHaveLength(18);
  // Other stories add meters of their own.
  expect(names).toEqual(expect.arrayContaining(planted));
  await expect(async () => {
    const { items } = await (await request.get("/api/v1/meters?limit=100", { headers })).json();
    expect(items.some((meter: { newestReadingAt: string | null }) => meter.newestReadingAt !== null)).toBe(true);
  }).toPass({ timeout: 120_000 });
});

test("a stranger is asked to sign in", async ({ page }) => {
  await page.goto("/meters");
  await expect(page).toHaveURL(/\/sign-in/);
});
