import Link from "next/link";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Note } from "@/components/ui/note";
import type { DevicePreview } from "@/lib/devices/schemas";
import { DeviceFacts } from "./device-facts";
import { fieldWords } from "./field-words";
import { SignatureOutcome } from "./signature-outcome";

/** Beside the form: what was read of the config, what it says besides, and whether its key signs. */
export function PreviewCard(props: {
  preview: DevicePreview | null;
  isReading: boolean;
  hasConfig: boolean;
  onRead: () => void;
}) {
  const { preview, isReading, hasConfig, onRead } = props;
  return (
    <Card className={preview ? undefined : "beside"}>
      <CardHead
        title="What was read"
        rule
        end={
          <Button small icon="retry" busy={isReading} disabled={!hasConfig} onClick={onRead}>
            {preview ? "Read again" : "Read"}
          </Button>
        }
      />
      <CardBody className="connection" aria-live="polite" aria-busy={isReading}>
        {preview ? <Preview preview={preview} /> : <BeforeReading hasConfig={hasConfig} />}
      </CardBody>
    </Card>
  );
}

function BeforeReading({ hasConfig }: { hasConfig: boolean }) {
  return (
    <>
      <p className="q">
        {hasConfig
          ? "Read the config to see what it says, and a sample signed with its key. Nothing is stored by that."
          : "Choose the config, or paste it: it is read at once, and nothing is stored by that."}
      </p>
      <ul className="hints qq">
        <li>The device's private key is kept encrypted, and never shown again.</li>
        <li>The installer's account key, where the file has one, is dropped.</li>
        <li>DID, DID document and key must belong together.</li>
      </ul>
    </>
  );
}

function Preview({ preview }: { preview: DevicePreview }) {
  const { read, notices, signature, existing, changes, fields } = preview;
  return (
    <>
      {existing && (
        <Note state="failed" title="This device is here already">
          <p>
            <Link className="link" href={`/devices/${existing.id}`}>
              {existing.name}
            </Link>{" "}
            has this DID and policy. Replace its config there.
          </p>
        </Note>
      )}
      {changes.length > 0 && (
        <Note icon="compare" title={changes.length === 1 ? "One thing changes" : `${changes.length} things change`}>
          <ul>
            {changes.map(({ field, from, to }) => (
              <li key={field} className="wrap-anywhere">
                {fieldWords[field] ?? field}: <code>{from}</code> becomes <code>{to}</code>
              </li>
            ))}
          </ul>
        </Note>
      )}
      <SignatureOutcome signature={signature} />
      {notices.map((notice) => (
        <Note key={notice}>
          <p className="wrap-anywhere">{notice}</p>
        </Note>
      ))}
      <DeviceFacts read={read}>
        <dt>Fields</dt>
        <dd>{fields.map(({ title, path }) => title ?? path).join(", ") || "none"}</dd>
      </DeviceFacts>
    </>
  );
}
