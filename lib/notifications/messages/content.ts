/** What a message says, as it is stored and as a webhook's body has it. Instants are ISO 8601 in UTC, addresses absolute. */
export interface MessageContent {
  /** `summary`: the first after a day's limit was reached. `test`: asked for by a person, nothing happened. */
  type: "incidents" | "summary" | "test";
  /** `14 meters late, 3 healed`. */
  title: string;
  /** One entry a kind and change. */
  changes: Change[];
  /** What the message itself wants to say, such as that it is the day's last. */
  note: string | null;
  /** The console's list of what is wrong. */
  url: string;
}

export interface Change {
  kind: string;
  change: "opened" | "worsened" | "healed";
  /** `14 meters late`. */
  title: string;
  count: number;
  url: string;
  /** The first few by name; `count` tells how many there are. */
  subjects: { name: string; url: string; since: string }[];
}
