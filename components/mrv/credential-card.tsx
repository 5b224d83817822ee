import { Card, CardBody, CardHead } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Note } from "@/components/ui/note";
import { Pre } from "@/components/ui/pre";
import type { CredentialPreview } from "@/lib/mrv/field-map/credential-preview";

/** The credential as it will be signed, or as it was; values of the subject stand out, each with where it is from. */
export function CredentialCard({ preview, isSigned }: { preview: CredentialPreview; isSigned: boolean }) {
  const { credentialId, document, fields, fault } = preview;
  const text = document === null ? null : JSON.stringify(document, null, 2);
  return (
    <Card>
      <CardHead
        title={isSigned ? "Credential, as it was signed" : "Credential, as it will be signed"}
        end={
          <>
            <span className="m-hide">id from policy, device and period</span>
            {text !== null && (
              <CopyButton text={text} label="Copy the credential">
                Copy
              </CopyButton>
            )}
          </>
        }
      />
      <CardBody>
        {fault !== null && (
          <Note state="failed" title="It cannot be signed as it is">
            <p className="wrap-anywhere">{fault}</p>
          </Note>
        )}
        {text !== null && <Pre>{marked(text, credentialId, fields)}</Pre>}
      </CardBody>
    </Card>
  );
}

/** The text line by line: the id strong, values that the record fills coloured, with where they come from behind them. */
function marked(text: string, credentialId: string, fields: CredentialPreview["fields"]) {
  const left = [...fields];
  return text.split("\n").map((line, index) => {
    const [, head, value, tail] = /^(\s*"(?:[^"\\]|\\.)*": )(.*?)(,?)$/.exec(line) ?? [];
    const key = `${index} ${line}`;
    if (head === undefined || value === undefined) return <span key={key}>{`${line}\n`}</span>;
    const name = JSON.parse(head.trim().slice(0, -1)) as string;
    if (value === JSON.stringify(credentialId)) {
      return (
        <span key={key}>
          {head}
          <b>{value}</b>
          {`${tail}\n`}
        </span>
      );
    }
    const place = left.findIndex(
      (field) =>
        field.path.split(".").at(-1) === name && (value === field.value || value === JSON.stringify(field.value)),
    );
    const [field] = place === -1 ? [] : left.splice(place, 1);
    if (!field) return <span key={key}>{`${line}\n`}</span>;
    return (
      <span key={key}>
        {head}
        <i>{value}</i>
        {tail}
        {field.from && <span className="qq">{`    ${field.from}`}</span>}
        {"\n"}
      </span>
    );
  });
}
