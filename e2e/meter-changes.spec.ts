import { addJob, addNem12Meter } from "./fixtures/fleet";
import { fillNem12Form } from "./fixtures/forms";
import { expect, test } from "./fixtures/test";

test("what is wrong in a form stands at its field, and nothing typed is lost", async ({ page }) => {
  const field = (label: string) => page.getByLabel(label, { exact: true });
  const capacity = field("Capacity, kW (optional)");
  await page.goto("/meters/new");
  await fillNem12Form(page, { name: "", prefix: "e2e/none/" });
  await capacity.fill("plenty");
  await page.getByLabel("NMI").fill("not an NMI");
  await page.getByRole("button", { name: "Add meter" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "2 fields need another look" })).toBeVisible();
  await expect(field("Name")).toHaveAttribute("aria-invalid", "true");
  await expect(field("Name")).toHaveAccessibleDescription("This is needed.");
  await expect(capacity).toHaveAccessibleDescription("This must be a number.");

  await field("Name").fill("Nowhere");
  await capacity.fill("5");
  await page.getByRole("button", { name: "Add meter" }).click();
  await expect(page.getByLabel("NMI")).toHaveAccessibleDescription(/An NMI is ten letters and digits/);
  await expect(page.getByLabel("NMI")).toHaveValue("not an NMI");
  await expect(page.getByLabel("Key prefix")).toHaveValue("e2e/none/");
  await expect(page.getByLabel("Secret access key")).not.toHaveValue("");
  await expect(page.getByRole("combobox", { name: "Time zone" })).toHaveValue("Australia/Brisbane");
  await expect(page).toHaveURL(/\/meters\/new$/);
});

test("a job's form says what is wrong at its field", async ({ page }) => {
  await page.goto("/jobs/new");
  await page.getByRole("combobox", { name: "Meter" }).fill("Parramatta Library");
  await page.getByRole("option", { name: "Parramatta Library rooftop" }).click();
  const delay = page.getByRole("textbox", { name: "Delay" });
  await delay.fill("a while");
  await page.getByLabel("Retries").fill("many");
  await page.getByRole("button", { name: "Add job" }).click();
  await expect(delay).toHaveAccessibleDescription(/A duration of whole minutes up to 31 days/);
  await expect(page.getByLabel("Retries")).toHaveAccessibleDescription("This must be a number.");
  await expect(delay).toHaveValue("a while");
  await expect(page).toHaveURL(/\/jobs\/new/);
});

test("a source that is not reached says why before anything is saved", async ({ page }) => {
  await page.goto("/meters/new");
  await fillNem12Form(page, { name: "Nowhere", prefix: "" });
  await page.getByLabel("Bucket", { exact: true }).fill("no-such-bucket");
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByRole("status").filter({ hasText: "no-such-bucket" })).toContainText("NO_SUCH_BUCKET");
  await page.getByLabel("Bucket", { exact: true }).fill("meter-files");
  await page.getByLabel("Secret access key").fill("wrong");
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByRole("status").filter({ hasText: "WRONG_SECRET" })).toBeVisible();
});

test("a changed form asks before it is left, by link, by key, by the browser's Back and by closing", async ({
  page,
}) => {
  await page.goto("/meters/new");
  await page.getByRole("link", { name: "Cancel" }).click();
  await expect(page).toHaveURL(/\/meters$/);

  await page.getByRole("link", { name: "Add meter" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Half typed");
  await page.getByRole("link", { name: "Tasks" }).first().click();
  const question = page.getByRole("dialog", { name: "Leave without saving?" });
  await question.getByRole("button", { name: "Stay" }).click();
  await expect(question).toBeHidden();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Half typed");

  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("Jobs");
  await page.keyboard.press("Enter");
  await expect(question).toBeVisible();
  await page.keyboard.press("Escape");

  await page.evaluate(() => window.history.back());
  await expect(question).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/meters\/new$/);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Half typed");

  const asked = page.waitForEvent("dialog");
  const closing = page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await closing;
  await page.evaluate(() => window.history.back());
  await question.getByRole("button", { name: "Leave" }).click();
  await expect(page).toHaveURL(/\/meters$/);
});

test("a meter is edited without typing its credentials again", async ({ page, api }) => {
  const meterId = await addNem12Meter(api, "Bathurst Orchard", "e2e/bathurst/");
  await page.goto(`/meters/${meterId}`);
  await page.getByRole("link", { name: "Edit" }).click();
  await expect(page.getByLabel("Secret access key")).toHaveValue("");
  await page.getByLabel("Name", { exact: true }).fill("Bathurst Cider House");
  await page.getByLabel("Capacity, kW").fill("12.5");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Bathurst Cider House" })).toBeVisible();
  await expect(page.getByText("12.5 kW", { exact: true })).toBeVisible();
  // The stored credentials still open the bucket.
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByRole("dialog", { name: "The source was reached" })).toBeVisible();
});

test("archiving a meter names what it ends and what it cancels", async ({ page, api }) => {
  const name = "Mudgee Winery";
  const meterId = await addNem12Meter(api, name, "e2e/mudgee/");
  await addJob(api, { meterId, startAt: new Date(), interval: "P1D" });
  await page.goto(`/meters/${meterId}`);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  const question = page.getByRole("dialog", { name: `Archive ${name}?` });
  await expect(question).toContainText("Its job ends");
  await expect(question).toContainText("Its readings, their revisions, its MRV records and the archived bytes stay");
  await question.getByRole("button", { name: "Keep" }).click();
  await expect(question).toBeHidden();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await question.getByRole("button", { name: "Archive meter" }).click();
  await expect(page.getByText(`${name} is archived. 1 job ended`)).toBeVisible();
  await expect(page).toHaveURL(/\/meters$/);
  await expect(page.getByRole("table", { name: "Meters" })).toBeVisible();
  await expect(page.getByRole("link", { name })).toHaveCount(0);
});
