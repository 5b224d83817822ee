import { formatNumber } from "../ui/format";

/** Tasks that wait for the quota of an account, on the tasks page. */
export function waitingHref(accountKey: string): string {
  return `/tasks?state=waiting&wait=quota&account=${encodeURIComponent(accountKey)}`;
}

export function taskWords(tasks: number): string {
  return tasks === 1 ? "1 task waits" : `${formatNumber(tasks)} tasks wait`;
}
