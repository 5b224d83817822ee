import { expect, test } from "@playwright/test";

test("the demo starts with its fleet, and readings arrive", async ({ request }) => {
  test.setTimeout(180_000);
  const headers = { authorization: `Bearer ${process.env.DEMO_API_TOKEN}` };
  const meters = await request.get("/api/v1/meters?limit=100", { headers });
  expect(meters.status()).toBe(200);
  expect((await meters.json()).items).toHaveLength(18);
  await expect(async () => {
    const { items } = await (await request.get("/api/v1/meters?limit=100", { headers })).json();
    expect(items.some((meter: { newestReadingAt: string | null }) => meter.newestReadingAt !== null)).toBe(true);
  }).toPass({ timeout: 120_000 });
});

test("a stranger is asked to sign in", async ({ page }) => {
  await page.goto("/meters");
  await expect(page).toHaveURL(/\/sign-in/);
});
