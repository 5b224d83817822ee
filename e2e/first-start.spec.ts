import type { Page } from "@playwright/test";
import { type FreshStart, startFresh } from "./fixtures/fresh-start";
import { expect, test } from "./fixtures/test";

test.use({ person: null });

let start: FreshStart;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  start = await startFresh();
});
test.afterAll(() => start.stop());

async function fillSetUp(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("E-mail").fill(`${name.toLowerCase()}@example.com`);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Make administrator and sign in" }).click();
}

test("an empty start makes its first administrator once, and every page says the next step", async ({
  page,
  browser,
}) => {
  test.setTimeout(120_000);
  const { origin, href } = start.setUpUrl;
  const main = page.getByRole("main");

  await test.step("nobody can sign in yet: every address leads to the set-up", async () => {
    await page.goto(`${origin}/meters`);
    await expect(page.getByRole("heading", { name: "Set up Meterproof" })).toBeVisible();
  });

  await test.step("a wrong token is refused, and what was typed stays", async () => {
    await page.getByLabel("Set-up token").fill("a-guess");
    await fillSetUp(page, "Ada", "a sentence as a password");
    await expect(page.getByRole("alert").filter({ hasText: "The set-up token is not right" })).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveValue("ada@example.com");
  });

  await test.step("the printed address brings the token; a weak password is refused at its field", async () => {
    await page.goto(href);
    await fillSetUp(page, "Ada", "123456789012");
    await expect(page.getByLabel("Password")).toHaveAttribute("aria-invalid", "true");
    await fillSetUp(page, "Ada", "a sentence as a password");
    await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  });

  await test.step("the token is used: another person gets the sign-in page", async () => {
    const other = await browser.newContext({ storageState: { cookies: [], origins: [] } });
    const page = await other.newPage();
    await page.goto(href);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await other.close();
  });

  await test.step("empty pages say the next step", async () => {
    for (const [path, title, step] of [
      ["/", "No meters yet", "Add meter"],
      ["/meters", "No meters yet", "Add meter"],
      ["/data", "No meters yet", "Add meter"],
      ["/jobs/new", "A job needs a meter first", "Add meter"],
      ["/jobs", "No jobs yet", "Add job"],
      ["/tasks", "No tasks yet", "See jobs"],
    ] as const) {
      await page.goto(origin + path);
      await expect(main.getByText(title)).toBeVisible();
      await expect(main.getByRole("link", { name: step }).last()).toBeVisible();
    }
    await page.goto(`${origin}/settings/tokens`);
    await expect(main.getByText("No API tokens yet")).toBeVisible();
    await expect(main.getByRole("button", { name: "Add token" })).toBeVisible();
  });

  await test.step("the next step can be taken", async () => {
    await page.goto(`${origin}/meters`);
    await main.getByRole("link", { name: "Add meter" }).first().click();
    await expect(page.getByLabel("Name", { exact: true })).toBeVisible();
  });
});
