import { DEMO_PASSWORD } from "../lib/seeds/demo-users";
import { signIn } from "./fixtures/people";
import { expect, test } from "./fixtures/test";

const REFUSED = /E-mail and password do not match, or the account is locked for a while/;

test.use({ person: null });

test("a stranger is asked to sign in, and then gets the page that was asked for", async ({ page }) => {
  await page.goto("/jobs?status=active");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.getByLabel("E-mail").fill("viewer@demo.test");
  await page.getByLabel("Password").fill(DEMO_PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/jobs\?status=active$/);
});

test("a stranger's calls are refused", async ({ request }) => {
  const answer = await request.get("/api/v1/meters");
  expect(answer.status()).toBe(401);
  expect((await answer.json()).error.code).toBe("unauthenticated");
});

test("a wrong password is told without saying which part was wrong, and the e-mail stays", async ({ page }) => {
  await signIn(page, "viewer@demo.test", "not the password");
  await expect(page.getByRole("alert").filter({ hasText: REFUSED })).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue("viewer@demo.test");
  await signIn(page, "nobody@demo.test", "not the password");
  await expect(page.getByRole("alert").filter({ hasText: REFUSED })).toBeVisible();
});

test("after five wrong passwords the right one is refused, too", async ({ page }) => {
  // Nobody else signs in as the reviewer.
  for (let turn = 0; turn < 5; turn++) {
    await signIn(page, "reviewer@demo.test", `wrong ${turn}`);
    await expect(page.getByRole("alert").filter({ hasText: REFUSED })).toBeVisible();
  }
  await signIn(page, "reviewer@demo.test");
  await expect(page.getByRole("alert").filter({ hasText: REFUSED })).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in/);
});

test("who signs out is a stranger again", async ({ page }) => {
  await signIn(page, "viewer@demo.test");
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.goto("/meters");
  await expect(page).toHaveURL(/\/sign-in/);
});
