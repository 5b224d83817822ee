import type { Page } from "@playwright/test";
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

  test("is told who can, where an address of a form is opened", async ({ page, api }) => {
    const { items } = await (await api.get("/api/v1/meters?limit=1")).json();
    for (const path of ["/meters/new", "/jobs/new", `/meters/${items[0].id}/edit`]) {
      await page.goto(path);
      await expect(page.getByText("Ask an operator or an administrator.")).toBeVisible();
      await expect(page.getByRole("main").getByRole("textbox")).toHaveCount(0);
    }
  });

  test("is refused by every verb, whatever the screen shows", async ({ page, api }) => {
    const { items } = await (await api.get("/api/v1/meters?limit=1")).json();
    const { items: jobs } = await (await api.get("/api/v1/jobs?limit=1")).json();
    await page.goto("/meters");
    const calls = [
      ["POST", "/api/v1/meters", { name: "Mine", type: "NEM12" }],
      ["PATCH", `/api/v1/meters/${items[0].id}`, { name: "Mine" }],
      ["DELETE", `/api/v1/meters/${items[0].id}`, {}],
      ["POST", `/api/v1/meters/${items[0].id}/test`, {}],
      ["POST", "/api/v1/jobs", { meterId: items[0].id, startAt: "2026-01-01T00:00:00Z" }],
      ["POST", `/api/v1/jobs/${jobs[0].id}/pause`, {}],
      ["POST", `/api/v1/jobs/${jobs[0].id}/backfill`, { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" }],
      ["POST", "/api/v1/tasks/retry", { filter: { jobId: jobs[0].id }, dryRun: true }],
      ["POST", "/api/v1/tasks/cancel", { filter: { jobId: jobs[0].id }, dryRun: true }],
    ] as const;
    for (const [method, path, body] of calls) {
      const { status, error } = await callFrom(page, method, path, body);
      expect([method, path, status, error.code]).toEqual([method, path, 403, "forbidden"]);
      expect(error.message).toContain("role does not allow");
    }
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
