export const OFFSET = /^[+-](0\d|1[0-4]):[0-5]\d$/;

/** `+10:00` to 36000. */
export function offsetSeconds(utcOffset: string): number {
  const [hours, minutes] = utcOffset.slice(1).split(":").map(Number);
  return (utcOffset.startsWith("-") ? -1 : 1) * ((hours ?? 0) * 3600 + (minutes ?? 0) * 60);
}
