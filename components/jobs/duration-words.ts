/** ISO 8601 durations as people say them: `PT1H30M` is `1 hour 30 minutes`. What is no duration stays as it is. */
export function durationWords(iso: string): string {
  const found = /^P(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(iso);
  if (!found) return iso;
  const [, months, weeks, days, hours, minutes] = found;
  const parts = [
    words(months, "month"),
    words(weeks, "week"),
    words(days, "day"),
    words(hours, "hour"),
    words(minutes, "minute"),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(" ") : "none";
}

function words(count: string | undefined, unit: string): string {
  if (count === undefined || Number(count) === 0) return "";
  return `${Number(count)} ${unit}${Number(count) === 1 ? "" : "s"}`;
}
