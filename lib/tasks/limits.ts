/** How urgent a task is: live ones before what a person asked for, before catching up and backfills. */
export const livePriority = 0;
export const askedPriority = 1;
export const backfillPriority = 2;

/**
 * Batches that are formed and not finished. Everything else waits as `pending` in Postgres: a job of 100,000 intervals puts two
 * batches in flight, not 100,000 events. Backfills cannot take all places: live work always finds a free one.
 * The function that runs batches has the same limits (all, and per account), so that a batch that is sent also starts.
 */
export const openBatches = {
  all: 8,
  backfill: 5,
  perAccount: { live: 2, backfill: 2 },
  /** Beside all of these: records are made from the database alone, and neither kind of work takes the other's places. */
  mrv: { live: 1, backfill: 1 },
} as const;

export const batchSize = {
  /** Mostly one vendor call per task: a few minutes of work for an account of five calls a second. */
  liveTasks: 250,
  /** Seven days of five-minute intervals: the longest range of one WattWatchers call. */
  backfillTasks: 2016,
  /** Bounds the memory and the length of the ingestion's transaction. */
  expectedReadings: 20_000,
  /** Records of a batch, and the readings they are made from; the stages take them in parts. */
  mrvTasks: 250,
  mrvReadings: 100_000,
} as const;

/** A batch without a heartbeat for this long is taken back: stages raise it at least every 20 seconds. */
export const SILENT_BATCH_SECONDS = 90;

/** A retry of more tasks than this is catching up, not urgent. */
export const URGENT_RETRY_TASKS = 500;
