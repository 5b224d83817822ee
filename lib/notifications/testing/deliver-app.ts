import { openDatabase } from "../../db/client";
import { log } from "../../log";
import { createAddressGuard } from "../../net/address-guard";
import { secretBoxOf } from "../../runtime";
import { deliverNotifications } from "../delivery/deliver-notifications";

// A process of its own for tests that kill it: delivers once what is due in the database that it is given.
const { DATABASE_URL = "", METERPROOF_SECRET_KEYS = "", METERPROOF_FINGERPRINT_KEY = "" } = process.env;
const database = openDatabase(DATABASE_URL, { max: 2 });
await deliverNotifications({
  db: database.db,
  secrets: secretBoxOf({ METERPROOF_SECRET_KEYS, METERPROOF_FINGERPRINT_KEY }),
  fetch: createAddressGuard({ allowed: ["127.0.0.1"] }).fetch,
  now: () => new Date(),
  log,
});
await database.close();
