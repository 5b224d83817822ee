import { CopyButton } from "@/components/ui/copy-button";
import { Note } from "@/components/ui/note";
import type { SampleSignature } from "@/lib/devices/schemas";

/** How a sample signature went, and the signed document. */
export function SignatureOutcome({ signature }: { signature: SampleSignature }) {
  const { isValid, message, faults, document } = signature;
  return (
    <div className="stack-s">
      <Note
        state={isValid ? "succeeded" : "failed"}
        role="status"
        title={isValid ? "The signature verifies" : "Nothing could be signed"}
      >
        <p className="wrap-anywhere">{message}</p>
      </Note>
      {faults.length > 0 && (
        <Note title="The sample does not fit the JSON schema">
          <p>
            It holds placeholders, and these fields want more than any placeholder. The values of a record are checked.
          </p>
          <ul>
            {faults.map((fault) => (
              <li key={fault} className="wrap-anywhere">
                {fault}
              </li>
            ))}
          </ul>
        </Note>
      )}
      {document !== null && (
        <details>
          <summary>
            <span className="link">Signed document</span>
          </summary>
          <p className="help">
            Dated in the year 9999, so that Guardian refuses it: it cannot be passed off as a record.
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
          <pre className="pre" tabIndex={0}>
            {JSON.stringify(JSON.parse(document), null, 2)}
          </pre>
          <CopyButton text={document} label="Copy the signed document">
            Copy as signed
          </CopyButton>
        </details>
      )}
    </div>
  );
}
