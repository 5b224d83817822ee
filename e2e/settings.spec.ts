import { expect, type Page, test } from "@playwright/test";

async function signIn(page: Page, email: string, password = "meterproof-demo") {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
}

/** What a page was not allowed to do by its own policy. */
function refusals(page: Page): string[] {
  const found: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) found.push(message.text());
  });
  return found;
}

test("an administrator adds a person, who signs in and finds no settings", async ({ page, browser }) => {
  const refused = refusals(page);
  const email = `vera.${Date.now()}@demo.test`;
  await signIn(page, "admin@demo.test");
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Add user" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Vera Example");
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByLabel("First password").fill("short");
  await dialog.getByRole("button", { name: "Add user" }).click();
  await expect(dialog.getByText(/at least 12 characters/)).toBeVisible();
  await dialog.getByLabel("First password").fill("a sentence of theirs");
  await dialog.getByRole("button", { name: "Add user" }).click();
  await expect(page.getByRole("row", { name: new RegExp(email) })).toBeVisible();

  const theirs = await (await browser.newContext()).newPage();
  await signIn(theirs, email, "a sentence of theirs");
  await expect(theirs.getByRole("link", { name: "Settings" })).toHaveCount(0);
  await theirs.goto("/settings");
  await expect(theirs.getByText("For administrators")).toBeVisible();
  await expect(theirs.getByText(email)).toHaveCount(0);
  expect(refused).toEqual([]);
});

test("an API token is shown once, works, and is refused once it is revoked", async ({ page, request }) => {
  await signIn(page, "admin@demo.test");
  await page.goto("/settings/tokens");
  const name = `Export ${Date.now()}`;
  await page.getByRole("button", { name: "Add token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Add token" }).click();
  const text = await dialog.getByLabel("Token", { exact: true }).inputValue();
  expect(text).toMatch(/^mp_/);
  const ask = async () =>
    (await request.get("/api/v1/meters", { headers: { authorization: `Bearer ${text}` } })).status();
  expect(await ask()).toBe(200);
  await dialog.getByRole("button", { name: "I have it" }).click();
  await page.reload();
  expect(await page.content()).not.toContain(text);
  await page.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke token" }).click();
  await expect(page.getByRole("row", { name: new RegExp(name) }).getByText("Revoked")).toBeVisible();
  expect(await ask()).toBe(401);

  await page.goto("/activity");
  await expect(page.getByText(/Chain verified: [\d,]+ rows/)).toBeVisible();
  await expect(page.getByText("token.revoked").first()).toBeVisible();
});
