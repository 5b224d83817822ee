import { signIn } from "./fixtures/people";
import { expect, test } from "./fixtures/test";

test.use({ person: "admin" });

const stranger = { cookies: [], origins: [] };

test("an administrator adds a person, changes what they may do, and shuts them out", async ({ page, browser }) => {
  const email = `vera.${Date.now()}@demo.test`;
  const password = "a sentence of theirs";
  const row = page.getByRole("row").filter({ hasText: email });
  const dialog = page.getByRole("dialog");
  const context = await browser.newContext({ storageState: stranger });
  const theirs = await context.newPage();

  await test.step("a weak password is refused at its field, and what was typed stays", async () => {
    await page.goto("/settings");
    await page.getByRole("button", { name: "Add user" }).click();
    await dialog.getByLabel("Name").fill("Vera Example");
    await dialog.getByLabel("E-mail").fill(email);
    await dialog.getByLabel("First password").fill("short");
    await dialog.getByRole("button", { name: "Add user" }).click();
    await expect(dialog.getByLabel("First password")).toHaveAttribute("aria-invalid", "true");
    await expect(dialog.getByText(/at least 12 characters/)).toBeVisible();
    await expect(dialog.getByLabel("E-mail")).toHaveValue(email);
    await dialog.getByLabel("First password").fill(password);
    await dialog.getByRole("button", { name: "Add user" }).click();
    await expect(row).toContainText("Viewer");
  });

  await test.step("they sign in, read, and find no settings", async () => {
    await signIn(theirs, email, password);
    await expect(theirs.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
    await expect(theirs.getByRole("link", { name: "Activity" })).toBeVisible();
    await expect(theirs.getByRole("link", { name: "Settings" })).toHaveCount(0);
    await expect(theirs.getByRole("link", { name: "Add meter" })).toHaveCount(0);
    await theirs.goto("/settings");
    await expect(theirs.getByText("For administrators")).toBeVisible();
    await expect(theirs.getByText(email)).toHaveCount(0);
  });

  await test.step("with another role they may do more, without signing in again", async () => {
    await row.getByRole("button", { name: "Edit Vera Example" }).click();
    await dialog.getByRole("checkbox", { name: /^Operator/ }).check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(row).toContainText("Viewer, Operator");
    await theirs.goto("/meters");
    await expect(theirs.getByRole("link", { name: "Add meter" })).toBeVisible();
  });

  await test.step("disabled, they are out at once and do not come back", async () => {
    await row.getByRole("button", { name: "Edit Vera Example" }).click();
    await dialog.getByRole("switch", { name: /^Disabled/ }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(row).toContainText("Disabled");
    await theirs.goto("/meters");
    await expect(theirs.getByText("Your session has ended. Sign in again.")).toBeVisible();
    await signIn(theirs, email, password);
    await expect(theirs.getByRole("alert").filter({ hasText: "do not match" })).toBeVisible();
  });
  await context.close();
});

test("an API token is shown once, does what its role and meters allow, and is refused once it is revoked", async ({
  page,
  playwright,
  baseURL,
}) => {
  const name = `Export ${Date.now()}`;
  const dialog = page.getByRole("dialog");
  const row = page.getByRole("row").filter({ hasText: name });
  await page.goto("/settings/tokens");
  await page.getByRole("button", { name: "Add token" }).click();
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("radio", { name: "Only some" }).check();
  await dialog.getByRole("checkbox", { name: "Parramatta Library rooftop" }).check();
  await dialog.getByRole("button", { name: "Add token" }).click();
  const text = await dialog.getByLabel("Token", { exact: true }).inputValue();
  expect(text).toMatch(/^mp_/);
  const headers = { authorization: `Bearer ${text}` };
  const program = await playwright.request.newContext({ baseURL, storageState: stranger, extraHTTPHeaders: headers });

  await test.step("it reads its meter, and neither others nor more", async () => {
    const answer = await program.get("/api/v1/meters");
    const { items } = (await answer.json()) as { items: { name: string }[] };
    expect(items.map((meter) => meter.name)).toEqual(["Parramatta Library rooftop"]);
    expect((await program.post("/api/v1/meters", { data: {} })).status()).toBe(403);
  });

  await test.step("the page has it no more", async () => {
    await dialog.getByRole("button", { name: "I have it" }).click();
    await page.reload();
    await expect(row).toContainText("Active");
    expect(await page.content()).not.toContain(text);
  });

  await test.step("revoked, it is refused, and the log says who did it", async () => {
    await page.getByRole("button", { name: `Revoke ${name}` }).click();
    await dialog.getByRole("button", { name: "Revoke token" }).click();
    await expect(row).toContainText("Revoked");
    expect((await program.get("/api/v1/meters")).status()).toBe(401);
    await page.goto("/activity");
    await expect(page.getByText(/Chain verified: [\d,]+ rows/)).toBeVisible();
    const newest = page.getByRole("table", { name: "Activity" }).getByRole("row").nth(1);
    await expect(newest).toContainText("token.revoked");
    await expect(newest).toContainText(name);
  });
  await program.dispose();
});
