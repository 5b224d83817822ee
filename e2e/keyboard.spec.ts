import { expect, test } from "./fixtures/test";

test("⌘K finds a meter by a part of its name and opens it", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+k");
  const palette = page.getByRole("dialog", { name: "Find" });
  await expect(palette.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("launceston");
  const hit = palette.getByRole("option", { name: /Launceston Medical Centre rooftop/ }).first();
  await expect(hit).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Launceston Medical Centre rooftop" })).toBeVisible();
  await expect(palette).toBeHidden();
});

test("? lists the keys, g and a letter goes to a page", async ({ page }) => {
  await page.goto("/meters");
  await expect(page.getByRole("heading", { level: 1, name: "Meters" })).toBeVisible();
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keys" });
  await expect(help.getByText("Go to Tasks")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await expect(page.getByRole("heading", { level: 1, name: "Tasks" })).toBeVisible();
});

test("a job's grid is one tab stop, walked with arrows, selected with space and shift", async ({ page }) => {
  await page.goto("/meters");
  await page.getByRole("link", { name: /Marrickville Depot rooftop/ }).click();
  await page.getByRole("table", { name: "Jobs" }).getByRole("link").first().click();
  const grid = page.getByRole("grid");
  await expect(grid.locator('[tabindex="0"]')).toHaveCount(1);
  const cell = (row: number, column: number) => grid.locator(`[data-cell="${row}:${column}"]`);
  await cell(0, 0).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await expect(cell(1, 1)).toBeFocused();
  await expect(grid.locator('[tabindex="0"]')).toHaveCount(1);
  await page.keyboard.press("Space");
  await expect(cell(1, 1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(grid.locator('[aria-selected="true"]')).toHaveCount(4);
  await expect(page.getByRole("toolbar", { name: "Selected intervals" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(grid.locator('[aria-selected="true"]')).toHaveCount(0);
  await page.keyboard.press("End");
  await page.keyboard.press("PageUp");
  await expect(cell(0, 30)).toBeFocused();
});

test("enter on a cell opens what is behind it", async ({ page, api }) => {
  const { items } = await (await api.get("/api/v1/tasks?state=succeeded&limit=1")).json();
  const [task] = items;
  const { interval } = await (await api.get(`/api/v1/jobs/${task.jobId}`)).json();
  await page.goto(`/jobs/${task.jobId}?view=days`);
  const cell = page.getByRole("gridcell", { name: /Succeeded|Partial/ }).first();
  await cell.focus();
  await page.keyboard.press("Enter");
  // A day of a daily job is one task; of the others it is the list of its tasks.
  await expect(page).toHaveURL(interval === "P1D" ? /\/tasks\/[0-9a-f-]+$/ : /\?tab=list&from=/);
});

test("a meter's year is one tab stop, walked with arrows, and enter opens the tasks of a day", async ({ page }) => {
  await page.goto("/meters");
  await page.getByRole("link", { name: /Marrickville Depot rooftop/ }).click();
  const year = page.getByRole("grid", { name: "Coverage by day" });
  await expect(year.locator('[tabindex="0"]')).toHaveCount(1);
  const today = year.locator('[tabindex="0"]');
  const day = await today.getAttribute("data-day");
  await today.focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowLeft");
  const before = new Date(Date.parse(`${day}T00:00:00Z`) - 8 * 86_400_000).toISOString().slice(0, 10);
  const focused = year
    .getByRole("gridcell")
    .getByRole("link")
    .and(page.locator(`[data-day="${before}"]`));
  await expect(focused).toBeFocused();
  await expect(focused).toHaveAccessibleName(/^\w{3} \d+ \w{3} \d{4}, .*(readings|due|start)/);
  await expect(year.locator('[tabindex="0"]')).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/tasks\\?meter=.*&day=${before}$`));
});
