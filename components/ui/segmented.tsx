import Link from "next/link";
import { cx } from "./cx";

interface Option<Value extends string> {
  value: Value;
  label: string;
  disabled?: boolean;
  /** With links: where this choice leads. */
  href?: string;
}

/** Changes how something is shown. Give every option an `href` (state in the URL), or `onChange`. */
export function Segmented<Value extends string>(props: {
  label: string;
  value: Value;
  options: readonly Option<Value>[];
  onChange?: (value: Value) => void;
  small?: boolean;
  className?: string;
}) {
  const { label, value, options, onChange, small, className } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields; these are view switches.
    <div className={cx("seg", small && "sm", className)} role="group" aria-label={label}>
      {options.map((option) =>
        option.href === undefined ? (
          <button
            key={option.value}
            type="button"
            aria-pressed={option.value === value}
            disabled={option.disabled}
            onClick={() => onChange?.(option.value)}
          >
            {option.label}
          </button>
        ) : (
          <Link key={option.value} href={option.href} aria-current={option.value === value || undefined} scroll={false}>
            {option.label}
          </Link>
        ),
      )}
    </div>
  );
}
