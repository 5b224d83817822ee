import { parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { jobTypes } from "@/lib/db/schema/jobs";
import { etlStages, mrvStages, taskStates, waitReasons } from "@/lib/db/schema/tasks";

export const taskListSorts = ["interval", "changed", "retries", "worked"] as const;

/** Everything the tasks page shows is in these fields of its address. */
export const taskQuery = {
  state: parseAsArrayOf(parseAsStringLiteral(taskStates)).withDefault([]),
  meter: parseAsString,
  job: parseAsString,
  type: parseAsStringLiteral(jobTypes),
  stage: parseAsStringLiteral([...etlStages, ...mrvStages]),
  /** What they wait for, and the source account of their meters. */
  wait: parseAsStringLiteral(waitReasons),
  account: parseAsString,
  error: parseAsString,
  retries: parseAsInteger,
  recent: parseAsStringLiteral(["24h", "7d", "30d"]),
  day: parseAsString,
  from: parseAsString,
  to: parseAsString,
  sort: parseAsStringLiteral(taskListSorts).withDefault("interval"),
  dir: parseAsStringLiteral(["asc", "desc"]).withDefault("desc"),
  cursor: parseAsString,
};

/** What narrows the list; the rest orders or pages it. */
export const taskFilterKeys = [
  "meter",
  "job",
  "type",
  "stage",
  "wait",
  "account",
  "error",
  "retries",
  "recent",
  "day",
  "from",
  "to",
] as const;
