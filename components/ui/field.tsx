"use client";

import { Field as BaseField } from "@base-ui/react/field";
import { Input as BaseInput } from "@base-ui/react/input";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";
import { Icon, type IconName } from "./icon";
import { StateMark } from "./state";

/**
 * Label over a control, one line of help, the error at the field. Wires label, help and error to the control inside
 * (Input, Textarea, Select, Combobox). For checkboxes and radios use their own labels, or `<FieldGroup>`.
 */
export function Field(props: {
  label: ReactNode;
  help?: ReactNode;
  error?: ReactNode;
  optional?: boolean;
  /** Beside the label, at the right: a link. */
  end?: ReactNode;
  className?: string;
  /** Of the control inside: a summary of errors leads to it. */
  name?: string;
  children: ReactNode;
}) {
  const { label, help, error, optional, end, className, name, children } = props;
  return (
    <BaseField.Root className={cx("field", className)} invalid={Boolean(error)} name={name}>
      <div className="row">
        <BaseField.Label>
          {label}
          {optional && <span className="opt"> (optional)</span>}
        </BaseField.Label>
        {end !== undefined && <span className="push figs">{end}</span>}
      </div>
      {children}
      {error ? (
        <BaseField.Error className="err failed" match>
          <StateMark state="failed" />
          <span>{error}</span>
        </BaseField.Error>
      ) : (
        help !== undefined && <BaseField.Description className="help">{help}</BaseField.Description>
      )}
    </BaseField.Root>
  );
}

/** Several choices under one legend, with help and error. */
export function FieldGroup(props: { legend: ReactNode; help?: ReactNode; error?: ReactNode; children: ReactNode }) {
  return (
    <fieldset className="field">
      <legend className="lab">{props.legend}</legend>
      <div className="choices">{props.children}</div>
      {props.error ? (
        <p className="err failed">
          <StateMark state="failed" />
          <span>{props.error}</span>
        </p>
      ) : (
        props.help !== undefined && <p className="help">{props.help}</p>
      )}
    </fieldset>
  );
}

/** One line of text. `icon` stands inside at the left. `mono` for ids, hashes and keys. */
export function Input({
  icon,
  mono,
  className,
  ...rest
}: ComponentProps<typeof BaseInput> & { icon?: IconName; mono?: boolean }) {
  const input = (
    <BaseInput {...rest} className={cx("in", mono && "mono", typeof className === "string" && className)} />
  );
  if (!icon) return input;
  return (
    <span className="with-ic">
      <Icon name={icon} />
      {input}
    </span>
  );
}

/** Several lines of text. */
export function Textarea({ rows = 3, className, ...rest }: ComponentProps<"textarea">) {
  return <BaseField.Control className={cx("in", className)} render={<textarea {...rest} rows={rows} />} />;
}
