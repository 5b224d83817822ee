import { expect, it, vi } from "vitest";
import { dispatchRequests } from "./dispatch-requests";

const failures = vi.fn();

it("sends the requests of one moment as one, and those that come while it is sent as another", async () => {
  const sent: (() => void)[] = [];
  const request = dispatchRequests(() => new Promise<void>((resolve) => sent.push(resolve)), failures);
  const first = [request(), request(), request()];
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  const later = request();
  sent[0]?.();
  expect(await Promise.all(first)).toEqual([true, true, true]);
  await vi.waitFor(() => expect(sent).toHaveLength(2));
  sent[1]?.();
  expect(await later).toBe(true);
});

it("tells that nothing was sent, and never throws", async () => {
  const away = new Error("Inngest is away.");
  const request = dispatchRequests(() => Promise.reject(away), failures);
  expect(await request()).toBe(false);
  expect(failures).toHaveBeenCalledWith(away);
});

it("keeps nobody waiting for an Inngest that does not answer", async () => {
  const request = dispatchRequests(() => new Promise(() => undefined), failures);
  expect(await request()).toBe(false);
});
