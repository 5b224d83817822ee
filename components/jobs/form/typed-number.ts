/** What is no number stays text, so that the schema refuses it at its field. */
export function numberOf(text: string): number | string {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
