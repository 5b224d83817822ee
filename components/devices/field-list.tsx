import { Tag } from "@/components/ui/tag";
import type { DeviceField } from "@/lib/devices/schemas";

/** Fields of the credential, in the order of the schema, with what each wants. */
export function FieldList({ fields }: { fields: readonly DeviceField[] }) {
  return (
    <table className="tbl tight" aria-label="Fields of the credential">
      <thead>
        <tr>
          <th scope="col" className="m1">
            Field
          </th>
          <th scope="col" className="m3">
            Name
          </th>
          <th scope="col" className="m2">
            Wants
          </th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.path}>
            <td className="m1">
              <span className="whitespace-normal">{field.title ?? field.path}</span>
            </td>
            <td className="m3">
              <code className="whitespace-normal wrap-anywhere">{field.path}</code>
            </td>
            <td className="m2">
              <span className="row">
                {wordsOf(field)}
                {field.isFromConfig ? <Tag>from the config</Tag> : field.isRequired && <Tag>required</Tag>}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const kinds: Record<string, string> = {
  text: "text",
  number: "number",
  integer: "whole number",
  boolean: "true or false",
  any: "any value",
};
const formats: Record<string, string> = { date: "day", "date-time": "time", url: "address", uri: "address" };

function wordsOf({ kind, format, isList }: DeviceField): string {
  const word = (format !== null && (formats[format] ?? format)) || (kinds[kind] ?? kind);
  return isList ? `list of ${word}` : word;
}
