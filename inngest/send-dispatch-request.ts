import { inngest } from "./client";
import { dispatchRequested } from "./events";

/** Without an id: one that was used within 24 hours would be swallowed, and a dispatch more finds nothing to do. */
export async function sendDispatchRequest(): Promise<void> {
  await inngest.send(dispatchRequested.create({}));
}
