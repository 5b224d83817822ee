import { shopCsv } from "./fixtures/csv-file";
import { demoBucket, upload } from "./fixtures/demo";
import { choose } from "./fixtures/forms";
import { beyondTheEdge } from "./fixtures/page-checks";
import { expect, test } from "./fixtures/test";
import { NEXT_DISPATCH_MS } from "./fixtures/waits";

// A day is left out at the near end, so that midnight may pass while the story runs.
const days = [5, 4, 3] as const;
const kwh = (wh: number) => (wh / 1000).toFixed(2);
const asFile = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

test("a CSV file is mapped by a sample, uploaded by hand, and becomes a chart", async ({ page }) => {
  test.setTimeout(240_000);
  const name = "Corner Shop";
  const file = shopCsv(days, { badLine: true });
  const preview = page.locator("section", { has: page.getByRole("heading", { name: "Preview" }) });

  await test.step("the operator gives a sample, and sees what it shows", async () => {
    await page.goto("/meters/new");
    await page.getByLabel("Name", { exact: true }).fill(name);
    await choose(page, "Meter type", "CSV files");
    await page.getByRole("button", { name: "Upload by hand" }).click();
    await choose(page, "Time zone", "Australia/Brisbane");
    await page.getByLabel("Choose a sample file").setInputFiles(asFile("shop.csv", file.text));
    await expect(page.getByRole("combobox", { name: "Delimiter" })).toHaveText(/Semicolon/);
    await expect(page.getByRole("combobox", { name: "Decimal mark" })).toHaveText(/Comma/);
    await expect(page.getByLabel("Lines before the table")).toHaveValue("1");
    await expect(page.getByRole("combobox", { name: "Column of the date and time" })).toHaveText("Date and time");
  });

  await test.step("is asked what no file tells, and nothing is guessed", async () => {
    await expect(preview).toContainText("Choose what the time of a row is.");
    await expect(preview).toContainText("Choose the unit of Bezug");
    await page.getByRole("button", { name: "Add meter" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "need another look" })).toBeVisible();
    await page.getByRole("radio", { name: "the end of its interval" }).click();
    await choose(page, "Is", "Energy taken");
    await choose(page, "Unit", "kWh energy");
    await choose(page, '"A" is', "actual");
    const format = page.getByLabel("Format of date and time");
    if ((await format.inputValue()) === "") await page.getByRole("button", { name: /\(DD\/MM\/YYYY HH:mm\)$/ }).click();
    await expect(format).toHaveValue("DD/MM/YYYY HH:mm");
  });

  await test.step("sees the rows as they would be stored, and the one that is refused", async () => {
    const rows = preview.getByRole("table", { name: "First readings" }).getByRole("row");
    await expect(rows.nth(1)).toContainText("00:00 to 00:30");
    await expect(preview).toContainText('line 6 "30/30/2026 99:99" is no date and time');
    await page.getByRole("radio", { name: "the start of its interval" }).click();
    await expect(rows.nth(1)).toContainText("00:30 to 01:00");
    await page.getByRole("radio", { name: "the end of its interval" }).click();
    await expect(rows.nth(1)).toContainText("00:00 to 00:30");
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => beyondTheEdge(page)).toBe(0);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole("button", { name: "Add meter" }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  });

  await test.step("uploads the file, and sees what it would do before it does it", async () => {
    await page.getByRole("link", { name: "Upload a file" }).first().click();
    const drawer = page.getByRole("dialog", { name: `Upload to ${name}` });
    await drawer.getByLabel("Choose files").setInputFiles(asFile("shop.csv", file.text));
    await expect(drawer.getByText("restated; the old values are kept")).toBeVisible();
    const rows = drawer.getByRole("table", { name: "Readings by day" }).getByRole("row");
    await expect(rows).toHaveCount(1 + days.length);
    await expect(rows.nth(1)).toContainText("48");
    await expect(drawer).toContainText("line 6");
    await drawer.getByRole("button", { name: "Ingest 144 readings" }).click();
    await expect(page.getByText("3 tasks made")).toBeVisible();
  });

  await test.step("its days become tasks like any other, and a chart", async () => {
    await expect(page.getByText("Ingested", { exact: true })).toBeVisible({ timeout: NEXT_DISPATCH_MS });
    await page.getByRole("link", { name: /^3 tasks:/ }).click();
    const tasks = page.getByRole("table", { name: "Intervals" }).getByRole("row");
    await expect(tasks.filter({ hasText: "Succeeded" })).toHaveCount(days.length);
    await tasks.nth(1).getByRole("link").first().click();
    await expect(page.getByText(/from shop\.csv, uploaded by/)).toBeVisible();
    await page.getByRole("link", { name, exact: true }).first().click();
    await expect(page.getByRole("group", { name: `Energy of ${name} by hour, in 7 days` })).toBeVisible();
    await page.getByRole("link", { name: "Open in Data" }).click();
    const total = page.getByText("Total", { exact: true }).locator("xpath=following-sibling::b");
    await expect(total).toHaveText(`${kwh(file.takenWh)} kWh`);
    await page.goBack();
  });

  await test.step("the same file again would change nothing, and says so", async () => {
    await page.getByRole("link", { name: "Upload a file" }).first().click();
    const drawer = page.getByRole("dialog", { name: `Upload to ${name}` });
    await drawer.getByLabel("Choose files").setInputFiles(asFile("shop, again.csv", file.text));
    await expect(drawer.getByText("Nothing would change")).toBeVisible();
    await expect(drawer.getByText("was uploaded before")).toBeVisible();
    await expect(drawer.getByRole("button", { name: /^Ingest/ })).toHaveCount(0);
    await drawer.getByRole("button", { name: "Discard" }).click();
    await expect(page.getByText("Discarded", { exact: true }).first()).toBeVisible();
  });

  await test.step("a file of another kind is refused with a sentence, and can be looked at again after a reload", async () => {
    await page.getByRole("link", { name: "Upload a file" }).first().click();
    const drawer = page.getByRole("dialog", { name: `Upload to ${name}` });
    await drawer.getByLabel("Choose files").setInputFiles(asFile("page.csv", "<!doctype html><title>Sign in</title>"));
    await expect(drawer.getByText("page.csv is a web page or XML, not a CSV file.")).toBeVisible();
    await page.reload();
    await expect(drawer.getByText("page.csv is a web page or XML, not a CSV file.")).toBeVisible();
    await drawer.getByRole("button", { name: "Discard" }).click();
    await expect(drawer).toHaveCount(0);
  });
});

test("the newest object of a bucket is a sample, and its key pattern is explained", async ({ page }) => {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = demoBucket();
  await upload("e2e/shop/2026-11.csv", shopCsv(days).text);
  await page.goto("/meters/new");
  await choose(page, "Meter type", "CSV files");
  await page.getByLabel("Bucket", { exact: true }).fill(bucket);
  await page.getByLabel("Key prefix").fill("e2e/shop/");
  await page.getByLabel("Key pattern").fill("{yyyy}-{MM}.csv");
  await expect(page.getByText(/^For yesterday, .*this means e2e\/shop\/\d{4}-\d{2}\.csv/)).toBeVisible();
  await page.getByLabel("Access key id").fill(accessKeyId);
  await page.getByLabel("Secret access key").fill("not the secret");
  await page.getByLabel("Region", { exact: true }).fill(region);
  await page.getByLabel("Endpoint").fill(endpoint);
  await page.getByRole("checkbox", { name: "Path style" }).check();
  const take = page.getByRole("button", { name: "Take the newest object of the bucket" });
  await take.click();
  const alert = page.getByRole("alert").filter({ hasText: "No sample came from the bucket" });
  await expect(alert).toBeVisible();
  await expect(alert).not.toContainText("not the secret");
  await page.getByLabel("Secret access key").fill(secretAccessKey);
  await take.click();
  await expect(page.getByText("Sample: e2e/shop/2026-11.csv")).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Delimiter" })).toHaveText(/Semicolon/);
});
