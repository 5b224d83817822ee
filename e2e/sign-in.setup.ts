import { expect, test } from "@playwright/test";
import { people, sessionOf, signIn } from "./fixtures/people";

for (const person of people) {
  test(`the ${person} signs in`, async ({ page }) => {
    await signIn(page, `${person}@demo.test`);
    await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
    await page.context().storageState({ path: sessionOf(person) });
  });
}
