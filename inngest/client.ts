import { Inngest } from "inngest";
import { log } from "@/lib/log";

/**
 * The SDK reads INNGEST_BASE_URL, INNGEST_EVENT_KEY and INNGEST_SIGNING_KEY itself. Never in dev mode: there the SDK takes
 * unsigned requests, and anybody who reaches the app could run its functions.
 */
export const inngest = new Inngest({ id: "meterproof", isDev: false, logger: log });
