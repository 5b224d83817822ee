"use client";

import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { Action } from "@/lib/action";
import { type CsvSample, SAMPLE_BYTES } from "@/lib/meters/csv-mapping/limits";
import type { ReadSample } from "@/lib/meters/csv-mapping/read-sample";

const PAUSE_MILLISECONDS = 350;

/**
 * A sample, and what the server makes of it with the settings as they are: asked again a moment after each change, and only the newest
 * answer counts. An answer that failed leaves the one before standing.
 */
export function useSample(props: {
  read: Action<ReadSample>;
  settings: Record<string, unknown>;
  timezone: string;
  /** When a new sample has been read for the first time. */
  onFound: (answer: ReadSample) => void;
}) {
  const { read, settings, timezone, onFound } = props;
  const [sample, setSample] = useState<CsvSample | null>(null);
  const [answer, setAnswer] = useState<ReadSample | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isReading, setReading] = useState(false);
  const newest = useRef(0);
  const unseen = useRef(false);
  const key = JSON.stringify(settings);

  const ask = useEffectEvent(async () => {
    if (!sample) return;
    const number = ++newest.current;
    setReading(true);
    const { sample: text, isWhole } = sample;
    const given = await read(null, { sample: text, isWhole, settings, timezone });
    if (number !== newest.current) return;
    setReading(false);
    if (!given.ok) return setFailure(given.message);
    setFailure(null);
    setAnswer(given.data);
    if (unseen.current) {
      unseen.current = false;
      onFound(given.data);
    }
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: settings are compared by what they say.
  useEffect(() => {
    if (!sample) return;
    const timer = setTimeout(() => void ask(), unseen.current ? 0 : PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [sample, key, timezone]);

  return {
    sample,
    answer,
    failure,
    isReading,
    take: (next: CsvSample) => {
      unseen.current = true;
      setAnswer(null);
      setFailure(null);
      setSample(next);
    },
  };
}

export async function sampleOfFile(file: File): Promise<CsvSample> {
  const bytes = new Uint8Array(await file.slice(0, SAMPLE_BYTES).arrayBuffer());
  return { name: file.name, sizeBytes: file.size, sample: base64(bytes), isWhole: file.size <= SAMPLE_BYTES };
}

/** Pasted lines are a beginning: their last line may be cut. */
export function sampleOfText(text: string): CsvSample {
  const bytes = new TextEncoder().encode(text.endsWith("\n") ? text : `${text}\n`).subarray(0, SAMPLE_BYTES);
  return { name: "pasted lines", sizeBytes: bytes.length, sample: base64(bytes), isWhole: false };
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}
