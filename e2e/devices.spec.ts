import { expect, test } from "./fixtures/test";
import { enrol } from "./simulators/guardian/testing";

test("a device is added by its MRV config, signs a sample, gets a meter, and is archived", async ({ page }) => {
  const name = `Inverter ${Date.now()}`;
  const { device, policy } = await enrol({ fields: "typed", context: "own-terms" }, name);
  const config = page.getByRole("textbox", { name: "MRV config" });
  const dialog = page.getByRole("dialog");

  await test.step("a fault stands at its field, and nothing typed is lost", async () => {
    await page.goto("/devices/new");
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Guardian address").fill("https://guardian.example/api/v1");
    await config.fill(JSON.stringify({ ...device.config, key: "302e02" }));
    await page.getByRole("button", { name: "Add device" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "MRV config, key" })).toBeVisible();
    await expect(config).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue(name);
  });

  await test.step("what was read and a sample are shown before anything is stored", async () => {
    await config.fill(JSON.stringify(device.config));
    await page.getByRole("textbox", { name: "JSON schema" }).fill(JSON.stringify(policy.schema));
    await page.getByRole("button", { name: "Read", exact: true }).click();
    await expect(page.getByText("The signature verifies", { exact: true })).toBeVisible();
    await expect(page.getByText(/private key of the installer's Hedera account/)).toBeVisible();
    await page.getByRole("button", { name: "Add device" }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  });

  await test.step("the stored key signs", async () => {
    await page.getByRole("button", { name: "Test signature" }).click();
    await expect(dialog.getByText("The signature verifies", { exact: true })).toBeVisible();
    await dialog.getByText("Signed document").click();
    await expect(dialog.locator("pre")).toContainText('"issuanceDate": "9999-12-31T00:00:00.000Z"');
    await dialog.getByRole("button", { name: "Close" }).click();
  });

  await test.step("a meter is attached and leads there", async () => {
    await page.getByRole("combobox", { name: "Attach a meter" }).fill("Toowoomba");
    await page.getByRole("option").first().click();
    await page.getByRole("button", { name: "Attach", exact: true }).click();
    await expect(page.getByRole("list", { name: "Attached meters" }).getByRole("listitem")).toHaveCount(1);
  });

  await test.step("archived, it lets its meter go", async () => {
    await page.getByRole("button", { name: "More", exact: true }).first().click();
    await page.getByRole("menuitem", { name: "Archive" }).click();
    // A toast is a dialog, too.
    const question = page.getByRole("dialog", { name: `Archive ${name}?` });
    await expect(question).toContainText("Its meter is detached");
    await question.getByRole("button", { name: "Archive device" }).click();
    await expect(page).toHaveURL(/\/devices$/);
    await expect(page.getByRole("link", { name })).toHaveCount(0);
  });
});
