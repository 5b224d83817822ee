import { parseAsBoolean, parseAsString } from "nuqs/server";

/** What the devices page shows, as the URL says it. */
export const devicesQuery = {
  q: parseAsString.withDefault(""),
  archived: parseAsBoolean.withDefault(false),
  cursor: parseAsString,
};
