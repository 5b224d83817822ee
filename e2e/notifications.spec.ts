import { createHmac } from "node:crypto";
import { aReceiver } from "../lib/notifications/testing/receiver";
import { expect, test } from "./fixtures/test";

test.use({ person: "admin" });

test("a webhook is added, tested, pointed elsewhere, retried, and removed", async ({ page }) => {
  const receiver = await aReceiver();
  const name = `Control room ${Date.now()}`;
  const dialog = page.getByRole("dialog");
  const channel = page.getByRole("table", { name: "Channels" }).getByRole("row").filter({ hasText: name });
  const message = page.getByRole("table", { name: "Delivery log" }).getByRole("row").filter({ hasText: name });
  const more = async (action: string) => {
    await page.getByRole("button", { name: `More actions of ${name}` }).click();
    await page.getByRole("menuitem", { name: action }).click();
  };
  let secret = "";

  const toasts = page.getByRole("region", { name: "Notifications" });
  await test.step("an address that may not be reached is refused at its field, and what was typed stays", async () => {
    await page.goto("/settings");
    await page.getByRole("link", { name: "Notifications" }).click();
    await page.getByRole("button", { name: "Add channel" }).click();
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("Address").fill("http://169.254.169.254/hook");
    await dialog.getByRole("button", { name: "Add channel" }).click();
    await expect(dialog.getByText(/private or special address/)).toBeVisible();
    await expect(dialog.getByLabel("Name")).toHaveValue(name);
  });

  await test.step("the signing secret is shown once", async () => {
    await dialog.getByLabel("Address").fill(`${receiver.url}/hook/with-a-long-token`);
    await dialog.getByRole("button", { name: "Add channel" }).click();
    secret = await dialog.getByLabel("Signing secret").inputValue();
    expect(secret).toMatch(/^whsec_/);
    await dialog.getByRole("button", { name: "I have it" }).click();
    await page.reload();
    await expect(channel).toContainText("Active");
    const html = await page.content();
    expect(html).not.toContain(secret);
    expect(html).not.toContain("with-a-long-token");
  });

  await test.step("a test arrives with a signature that the secret verifies", async () => {
    await page.getByRole("button", { name: `Send a test to ${name}` }).click();
    await expect(toasts.getByText("Test delivered")).toBeVisible();
    const { path, headers, body } = receiver.received.find((each) => each.body.includes('"test"')) ?? receiver.first();
    expect(path).toBe("/hook/with-a-long-token");
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(String(headers["x-meterproof-signature"])) ?? [];
    expect(v1).toBe(createHmac("sha256", secret).update(`${t}.${body}`).digest("hex"));
    expect(JSON.parse(body)).toMatchObject({ type: "test", id: headers["x-meterproof-delivery"] });
    await expect(message.filter({ hasText: "Test message" })).toContainText("Delivered");
  });

  await test.step("one that was refused is shown with the answer, and goes out when it is tried again", async () => {
    receiver.answers((response) => response.writeHead(503).end("down for an hour"));
    await page.getByRole("button", { name: `Send a test to ${name}` }).click();
    // The one before may still stand there. What is urgent is read out apart, and has no role until it has the focus.
    const refused = toasts.locator(".toast").filter({ hasText: "Test not delivered" });
    await refused.locator("a", { hasText: "Details" }).click();
    const drawer = page.getByRole("dialog", { name: `Test message to ${name}` });
    await expect(drawer.getByText("down for an hour")).toBeVisible();
    receiver.answers((response) => response.end());
    await drawer.getByRole("button", { name: "Try again now" }).click();
    await expect(drawer.getByText("2 tries")).toBeVisible();
    await drawer.getByRole("button", { name: "Close" }).click();
    await expect(drawer).toHaveCount(0);
    const last = receiver.received.filter((each) => each.body.includes('"test"')).slice(-2);
    expect(new Set(last.map(({ headers }) => headers["x-meterproof-delivery"])).size).toBe(1);
  });

  await test.step("paused it says so, and removed it is gone with its messages", async () => {
    await more("Pause");
    await expect(channel).toContainText("Paused");
    await more("Remove");
    await dialog.getByRole("button", { name: "Remove channel" }).click();
    await expect(page.getByText(name, { exact: true }).and(page.locator("td *"))).toHaveCount(0);
    await page.goto("/activity");
    const entries = page.getByRole("table", { name: "Activity" }).getByRole("row");
    await expect(entries.filter({ hasText: "channel.deleted" }).first()).toBeVisible();
  });
  receiver.close();
});
