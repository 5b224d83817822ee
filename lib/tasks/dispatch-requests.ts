import { setTimeout as sleep } from "node:timers/promises";

/** Requests of one moment are sent as one: a client may add jobs by the hundred. */
const GATHER_MS = 50;

/** A person waits for the answer no longer; the sending goes on. */
const PATIENCE_MS = 2_000;

/**
 * Gives the function that asks for a dispatch now, instead of with the next minute. Call it after the work is committed. It tells
 * whether the request was sent in time, and never throws: what is not sent is left to the minute's dispatch.
 */
export function dispatchRequests(
  send: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
): () => Promise<boolean> {
  let next: Promise<boolean> | undefined;
  const sendNext = async () => {
    await sleep(GATHER_MS);
    // Before it is sent: work that is committed from here on may come too late for this dispatch, and asks for another.
    next = undefined;
    try {
      await send();
      return true;
    } catch (error) {
      onFailure(error);
      return false;
    }
  };
  return () => {
    next ??= sendNext();
    return Promise.race([next, sleep(PATIENCE_MS, false, { ref: false })]);
  };
}
