import { z } from "zod";

const channelNumber = z.int().min(1).max(64);

/**
 * Which channels make up the meter and which of them are mounted the other way round. Channels count from 1, as the
 * vendor's `id` does. Default: all channels, none inverted.
 */
export const wattwatchersSettings = z
  .strictObject({
    channels: z.array(channelNumber).min(1).refine(isWithoutRepeats, "A channel is named twice.").optional().meta({
      title: "Channels",
      description: "Channel numbers that are summed, counted from 1. Leave empty for all channels of the device.",
    }),
    invert: z.array(channelNumber).refine(isWithoutRepeats, "A channel is named twice.").optional().meta({
      title: "Inverted channels",
      description: "Channels whose sign is flipped, because the sensor is mounted the other way round.",
    }),
  })
  .refine(({ channels, invert }) => !channels || (invert ?? []).every((channel) => channels.includes(channel)), {
    path: ["invert"],
    message: "Only channels that are summed can be inverted: add the channel under Channels too.",
  });

export type WattwatchersSettings = z.infer<typeof wattwatchersSettings>;

/** The API key as the vendor hands it out (`key_…`). */
export const wattwatchersKey = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{8,}$/, "An API key is one word of at least eight characters, such as key_0123456789abcdef.")
  .meta({ title: "API key", description: "The Wattwatchers API v3 key that may read the device, starting with key_." });

function isWithoutRepeats(numbers: number[]): boolean {
  return new Set(numbers).size === numbers.length;
}
