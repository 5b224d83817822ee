/** So much of a file is looked at: enough for a day of a few meters, small enough to be sent with every change of a control. */
export const SAMPLE_BYTES = 96 * 1024;

/** What a sample is, and where it came from. */
export interface CsvSample {
  name: string;
  sizeBytes: number;
  /** Base64. */
  sample: string;
  isWhole: boolean;
}
