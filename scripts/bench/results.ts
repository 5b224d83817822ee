export interface Result {
  value: number;
  unit: string;
  goal: string;
  /** What the figure is made of, for the table. */
  note?: string;
}
