import { formatNumber } from "@/components/ui/format";

/** `812 B`, `1.4 kB`, `3.0 MB`. */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${formatNumber(bytes / 1_000, 1)} kB`;
  return `${formatNumber(bytes / 1_000_000, 1)} MB`;
}
