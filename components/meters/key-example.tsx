"use client";

import { formatInstant } from "@/components/ui/format";
import { useNow } from "@/components/ui/zone";
import { exampleKey } from "./example-key";

/** Which key a prefix and a pattern mean for yesterday, as they are typed. */
export function KeyExample(props: { prefix: string; pattern: string; timezone: string }) {
  const { prefix, pattern, timezone } = props;
  const now = useNow(60);
  const yesterday = new Date(now.getTime() - 86_400_000);
  const example = exampleKey(prefix, pattern, yesterday, timezone);
  return (
    <p className="help wide key-example" aria-live="polite">
      {"problem" in example ? (
        example.problem
      ) : (
        <>
          {example.hasDate
            ? `For yesterday, ${formatInstant(yesterday, example.timezone, "date")}, this means `
            : "Without a date every object that fits is looked at for each interval: "}
          <code>{example.key}</code>
          {example.hasDate && ". Objects of the day before and after are looked at, too."}
        </>
      )}
    </p>
  );
}
