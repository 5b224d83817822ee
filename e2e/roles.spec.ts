import type { Page } from "@playwright/test";
import { sessionOf } from "./fixtures/people";
import { expect, test } from "./fixtures/test";

/** A request as the page's own scripts make it, with the session's cookie. */
function callFrom(page: Page, method: string, path: string, body: unknown) {
  return page.evaluate(
    async ([method, path, body]) => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(path, { method, headers, body: JSON.stringify(body) });
      return { status: answer.status, error: (await answer.json()).error as { code: string; message: string } };
    },
    [method, path, body] as const,
  );
}

test.describe("a viewer", () => {
  test.use({ person: "viewer" });

  test("sees the fleet without a control that changes it", async ({ page }) => {
    const main = page.getByRole("main");
    const controls = (role: "button" | "link" | "menuitem", name: RegExp) => page.getByRole(role, { name });

    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Settings" })).toHaveCount(0);
    await expect(controls("link", /^Add/)).toHaveCount(0);

    await page.goto("/meters");
    await main.getByRole("link", { name: /Parramatta Library rooftop/ }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Parramatta Library rooftop" })).toBeVisible();
    await expect(controls("button", /Test connection/)).toHaveCount(0);
    await expect(controls("link", /^(Edit|Add)/)).toHaveCount(0);
    await page.getByRole("button", { name: "More", exact: true }).click();
    await expect(page.getByRole("menuitem")).toHaveText(["Open in Data", "All its tasks"]);
    await page.keyboard.press("Escape");

    await page.getByRole("table", { name: "Jobs" }).getByRole("link").first().click();
    const grid = page.getByRole("grid", { name: /^Intervals by/ });
    await expect(grid).toBeVisible();
    await expect(controls("button", /Pause|Resume|More actions|Backfill/)).toHaveCount(0);
    await grid.getByRole("gridcell").first().focus();
    await page.keyboard.press("Space");
    const selected = page.getByRole("toolbar", { name: "Selected intervals" });
    await expect(selected.getByRole("button")).toHaveCount(1);
    await expect(selected.getByRole("button", { name: "Let go of the selection" })).toBeVisible();
    await page.keyboard.press("b");
    await page.keyboard.press("Escape");
    await expect(selected).toHaveCount(0);
    await expect(page.getByRole("region", { name: "Backfill preview" })).toHaveCount(0);
    await page.getByRole("link", { name: "Settings" }).click();
    await expect(page.getByText("Days follow")).toBeVisible();
    await expect(controls("link", /^Edit/)).toHaveCount(0);

    await page.goto("/tasks");
    const tasks = page.getByRole("table", { name: "Tasks" });
    await expect(tasks).toBeVisible();
    await expect(tasks.getByRole("checkbox")).toHaveCount(0);
    await tasks.getByRole("row").nth(1).getByRole("link").click();
    await expect(page.getByText("Timeline")).toBeVisible();
    await expect(controls("button", /Retry|Fetch again|Cancel|ways to run/)).toHaveCount(0);
  });

  test("is told who can, where an address of a form is opened", async ({ page, api }) => {
    const { items } = await (await api.get("/api/v1/meters?limit=1")).json();
    for (const path of ["/meters/new", "/jobs/new", `/meters/${items[0].id}/edit`]) {
      await page.goto(path);
      await expect(page.getByText("Ask an operator or an administrator.")).toBeVisible();
      await expect(page.getByRole("main").getByRole("textbox")).toHaveCount(0);
    }
  });

  test("is refused by every verb, whatever the screen shows", async ({ page, api }) => {
    const first = async (path: string) => (await (await api.get(path)).json()).items[0].id as string;
    const ids = { meters: await first("/api/v1/meters?limit=1"), jobs: await first("/api/v1/jobs?limit=1") };
    // Refused before it is looked for.
    const other = "00000000-0000-7000-8000-000000000000";
    const { paths } = (await (await api.get("/api/v1/openapi.json")).json()) as { paths: Record<string, object> };
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => method !== "get")
        .map((method) => {
          const own = ids[path.split("/")[3] as keyof typeof ids] ?? other;
          return [method.toUpperCase(), path.replace("{id}", own).replace(/\{\w+\}/, other)] as const;
        }),
    );
    expect(calls.length).toBeGreaterThan(12);
    await page.goto("/meters");
    for (const [method, path] of calls) {
      const { status, error } = await callFrom(page, method, path, {});
      expect([method, path, status, error.code]).toEqual([method, path, 403, "forbidden"]);
      expect(error.message).toContain("role does not allow");
    }
  });

  test("is refused the very request that an operator's button sends", async ({ page, api, browser }) => {
    const [{ id }] = (await (await api.get("/api/v1/jobs?search=Parramatta&limit=1")).json()).items;
    const context = await browser.newContext({ storageState: sessionOf("operator") });
    const theirs = await context.newPage();
    await theirs.route("**/jobs/*", (route) =>
      route.request().method() === "POST" ? route.abort() : route.continue(),
    );
    await theirs.goto(`/jobs/${id}`);
    await theirs.getByRole("button", { name: "Pause", exact: true }).click();
    const sent = theirs.waitForRequest((request) => request.method() === "POST");
    await theirs.getByRole("button", { name: "Pause job" }).click();
    const action = (await sent).headers()["next-action"] ?? "";
    const body = (await sent).postData();
    expect(body).toContain(id);
    await context.close();

    await page.goto(`/jobs/${id}`);
    const answer = await page.evaluate(
      async ({ action, body }) => {
        const headers = { "next-action": action, "content-type": "text/plain;charset=UTF-8" };
        return (await fetch(location.href, { method: "POST", headers, body })).text();
      },
      { action, body },
    );
    expect(answer).toContain("role does not allow");
    expect((await (await api.get(`/api/v1/jobs/${id}`)).json()).status).toBe("active");
  });
});

test.describe("an operator", () => {
  test("has the controls", async ({ page }) => {
    await page.goto("/meters");
    await expect(page.getByRole("link", { name: "Add meter" })).toBeVisible();
    await page.getByRole("link", { name: /Parramatta Library rooftop/ }).click();
    await page.getByRole("button", { name: "More", exact: true }).click();
    await expect(page.getByRole("menuitem", { name: "Archive" })).toBeVisible();
    await page.goto("/tasks");
    await expect(page.getByRole("checkbox", { name: "Select all on this page" })).toBeVisible();
  });
});
