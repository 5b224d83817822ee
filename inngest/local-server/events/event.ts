import { canonicalJson } from "../protocol/canonical-json";

/** An event as apps send and see it. */
export interface Event {
  id: string;
  name: string;
  data: Record<string, unknown>;
  /** Milliseconds since the epoch. In the future it delays the runs the event starts. */
  ts: number;
  [other: string]: unknown;
}

/** An event the server has taken in: its own id beside the sender's, and the text functions will be given. */
export interface StoredEvent {
  internalId: string;
  event: Event;
  body: string;
}

export function storedEvent(internalId: string, event: Event): StoredEvent {
  return { internalId, event, body: canonicalJson(event) };
}
