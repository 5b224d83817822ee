import { Checkbox } from "@/components/ui/choices";
import { FieldGroup } from "@/components/ui/field";
import type { Role } from "@/lib/auth/roles";
import { roleOptions } from "./user-row";

/** One or more roles. */
export function RoleChoices(props: {
  roles: readonly Role[];
  error: string | undefined;
  onChange: (roles: Role[]) => void;
}) {
  const { roles, error, onChange } = props;
  return (
    <FieldGroup legend="Roles" error={error}>
      {roleOptions.map(({ value, label, help }) => (
        <Checkbox
          key={value}
          checked={roles.includes(value)}
          onChange={(isOn) => onChange(isOn ? [...roles, value] : roles.filter((role) => role !== value))}
        >
          {label} <span className="qq">{help}</span>
        </Checkbox>
      ))}
    </FieldGroup>
  );
}
