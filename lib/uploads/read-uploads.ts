import type { Parsed, RawInput } from "../connectors/contract";
import { SourceError } from "../connectors/source-error";
import { loadRawInputs } from "../pipeline/etl/raw-inputs";
import { connectorFor, type Meter } from "../pipeline/etl/run-stage";
import type { Worker } from "../pipeline/worker";
import { withUnpacked } from "../sources/unpack";

/** Bounds what is held while nobody knows yet what a file covers: five years of five minutes. */
const MOST_READINGS = 525_600;
/** Formats that are parsed in one piece (JSON) take several times their size in memory. */
const MOST_WHOLE_BYTES = 48 * 1024 * 1024;

/** No meter has readings of before, and no forecast reaches so far. */
const EARLIEST = new Date("1990-01-01T00:00:00Z");
const DAYS_AHEAD = 31;

/**
 * Archived files as their meter reads them, whatever they cover, with the parser and the order of the transformation. Throws
 * SourceError, ObjectNotFound or ChecksumMismatch, and InvalidInput where the meter's settings are not what its type takes.
 */
export async function readUploads(worker: Worker, meter: Meter, objectIds: readonly string[]): Promise<Parsed> {
  const { connector, settings } = connectorFor(meter);
  const sources = [...(await loadRawInputs(worker, [{ rawObjectIds: [...objectIds] }])).values()];
  const context = {
    settings,
    dataSource: meter.dataSource,
    dataSourceType: "UPLOAD" as const,
    timezone: meter.timezone,
    range: { from: EARLIEST, to: new Date(worker.now().getTime() + DAYS_AHEAD * 86_400_000) },
    mostReadings: MOST_READINGS,
  };
  return withUnpacked(
    sources.sort((a, b) => a.order - b.order).map(({ file }) => file),
    (inputs) => connector.parse(inputs.map(withSmallWhole), context),
  );
}

function withSmallWhole(input: RawInput): RawInput {
  return {
    ...input,
    bytes: async () => {
      const parts: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of input.chunks()) {
        size += chunk.byteLength;
        if (size > MOST_WHOLE_BYTES) throw tooLarge(input.name);
        parts.push(chunk);
      }
      return Buffer.concat(parts);
    },
  };
}

function tooLarge(name: string): SourceError {
  const what = `${name} has more than ${MOST_WHOLE_BYTES / 1024 ** 2} MB of JSON, which is read in one piece: split it.`;
  return new SourceError("FILE_TOO_LARGE", what, { isRetryable: false });
}
