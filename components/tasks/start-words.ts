/** When work that was given to do begins, as the server told it. */
export function startWords({ isStarted }: { isStarted?: boolean }): string {
  return isStarted ? "It starts now." : "It starts within a minute.";
}
