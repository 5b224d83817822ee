/** Words of a finding's sentence. */

/** Up to four significant digits. */
export function inWords(value: number): string {
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

/** `1 reading`, `37 readings`. */
export function readingsWords(count: number): string {
  return count === 1 ? "1 reading" : `${count} readings`;
}

/** Two units at most: `30 s`, `45 min`, `7 h`, `7 h 25 min`, `2 d 4 h`. */
export function lengthWords(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const parts =
    days > 0 ? [days && `${days} d`, hours && `${hours} h`] : [hours && `${hours} h`, rest && `${rest} min`];
  return parts.filter(Boolean).join(" ");
}
