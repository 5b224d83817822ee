import { z } from "zod";
import type { FetchContext, SettingChoices, TestResult } from "../contract";
import { parseJson } from "../json-body";
import { SourceError } from "../source-error";
import { ask, withAnswer } from "./fetch";
import { assertChannels } from "./parse";
import { isRow, readRows } from "./rows";
import type { WattwatchersSettings } from "./settings";

/** For people to read: one that is not text is not worth refusing a device for. */
const label = z.string().nullish().catch(undefined);
const device = z
  .object({
    id: z.union([z.string(), z.number()]).optional().catch(undefined),
    label,
    model: label,
    timezone: label,
    channels: z.array(z.object({ label })).optional().catch(undefined),
  })
  // An error that comes with a 200 is an object too.
  .refine(({ id, channels }) => id !== undefined || channels !== undefined);

/** Two calls: the device, and its newest long-energy row. Throws SourceError with what to correct. */
export async function testConnection(context: FetchContext<WattwatchersSettings, string>): Promise<TestResult> {
  const id = encodeURIComponent(context.dataSource);
  const deviceUrl = `${context.baseUrl}/devices/${id}`;
  const asked = await ask(context, deviceUrl);
  const found = withAnswer(deviceUrl, asked.response, asked.bytes, () => readDevice(asked.bytes));
  if (found.channels) assertChannels(context.settings, found.channels.length);

  const latestUrl = `${context.baseUrl}/long-energy/${id}/latest`;
  const latest = await ask(context, latestUrl);
  const newestReadingAt = withAnswer(latestUrl, latest.response, latest.bytes, () =>
    latest.response.status === 204 ? null : newestStart(latest.bytes),
  );
  const channels = (found.channels ?? []).map(({ label }, index) => `${index + 1} ${label ?? ""}`.trim());
  const facts = [
    { label: "Device", value: found.label ?? "" },
    { label: "Model", value: found.model ?? "" },
    { label: "Channels", value: channels.length === 0 ? "" : `${channels.length}: ${channels.join(", ")}` },
    { label: "Time zone", value: found.timezone ?? "" },
    { label: "Newest reading", value: newestReadingAt?.toISOString() ?? "none: the device has not sent any data yet" },
  ];
  return {
    reached: `Wattwatchers knows the device ${context.dataSource}.`,
    found: facts.filter(({ value }) => value !== ""),
    newestReadingAt,
    choices: channelChoices(found.channels ?? []),
  };
}

/** The device's channels, to be summed (none named: all) and to be turned round. */
function channelChoices(channels: readonly { label?: string | null }[]): SettingChoices[] {
  if (channels.length === 0) return [];
  const options = channels.map(({ label }, index) => ({ value: String(index + 1), label: label || "no label" }));
  return [
    { setting: "channels", whenEmpty: "all", options },
    { setting: "invert", whenEmpty: "none", options },
  ];
}

function readDevice(bytes: Uint8Array): z.infer<typeof device> {
  const parsed = device.safeParse(parseJson(bytes, "The answer of Wattwatchers", true));
  if (parsed.success) return parsed.data;
  throw new SourceError("NOT_A_DEVICE", "The answer of Wattwatchers does not describe a device.", {
    isRetryable: true,
    cause: parsed.error,
  });
}

/** START of the newest row: the stamp is its end. */
function newestStart(bytes: Uint8Array): Date | null {
  const rows = readRows(bytes, "The newest reading of Wattwatchers", true);
  const starts = rows
    .filter(isRow)
    .map((row) => row.timestamp - (typeof row.duration === "number" ? row.duration : 300));
  return starts.length === 0 ? null : new Date(Math.max(...starts) * 1000);
}
