import AxeBuilder from "@axe-core/playwright";
import type { APIRequestContext, Page } from "@playwright/test";
import { expect, test } from "./fixtures/test";

/** Every page of the console by what stands on it when it is there. Ids are of the demo's fleet. */
async function pagesOf(api: APIRequestContext): Promise<Record<string, string>> {
  const first = async (path: string) => (await (await api.get(path)).json()).items[0];
  const job = await first("/api/v1/jobs?search=Toowoomba&limit=1");
  const task = await first(`/api/v1/tasks?jobId=${job.id}&limit=1`);
  return {
    overview: "/",
    meters: "/meters",
    "meters without a hit": "/meters?q=nothing-is-called-so",
    meter: `/meters/${job.meterId}`,
    "add meter": "/meters/new",
    "edit meter": `/meters/${job.meterId}/edit`,
    jobs: "/jobs",
    "job by hours": `/jobs/${job.id}?view=hours`,
    "job by days": `/jobs/${job.id}?view=days`,
    "add job": `/jobs/new?meter=${job.meterId}`,
    tasks: "/tasks",
    task: `/tasks/${task.id}`,
    data: `/data?meters=${job.meterId}`,
    "not found": "/meters/00000000-0000-7000-8000-000000000000",
  };
}

async function assertAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html).join(" | ")}`,
  );
  expect.soft(found, what).toEqual([]);
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1440, 390]) {
    test.describe(`${colorScheme}, ${width} px wide`, () => {
      test.use({ colorScheme, viewport: { width, height: 900 }, contextOptions: { reducedMotion: "reduce" } });

      test("no page of the console has an axe violation", async ({ page, api }) => {
        test.setTimeout(180_000);
        for (const [what, path] of Object.entries(await pagesOf(api))) {
          await page.goto(path);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          await expect(page.locator("main [aria-busy='true']")).toHaveCount(0);
          await assertAccessible(page, what);
        }
      });

      test("nor has the sign-in page", async ({ browser, baseURL }) => {
        const context = await browser.newContext({ baseURL, colorScheme, viewport: { width, height: 900 } });
        const page = await context.newPage();
        await page.goto("/sign-in");
        await expect(page.getByText("All services healthy")).toBeVisible();
        await assertAccessible(page, "sign-in");
        await context.close();
      });
    });
  }
}

for (const width of [390, 360]) {
  test(`no page scrolls sideways at ${width} px`, async ({ page, api }) => {
    test.setTimeout(90_000);
    await page.setViewportSize({ width, height: 800 });
    for (const [what, path] of Object.entries({ ...(await pagesOf(api)), "job ends": "/jobs?status=ended" })) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      const wide = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect.soft(await wide(), `${what}: pixels beyond the edge`).toBe(0);
    }
  });
}
