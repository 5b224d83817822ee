"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { State } from "@/components/ui/state";
import { MOST_FILES, MOST_UPLOAD_BYTES } from "@/lib/uploads/limits";
import { FileDrop } from "./file-drop";
import { sendFile } from "./send-file";
import { sizeWords } from "./size-words";

interface Sending {
  file: File;
  /** Of its bytes that have left, 0 to 1. */
  share: number;
  /** Once it is archived. */
  id: string | null;
  failure: string | null;
}

const kinds: Record<string, { accept: string; words: string }> = {
  CSV: { accept: ".csv,.txt,.tsv,.zip,.gz", words: "CSV files" },
  NEM12: { accept: ".csv,.zip,.gz", words: "NEM12 files" },
  GreenButton: { accept: ".xml,.zip,.gz", words: "Green Button XML" },
  WattWatchers: { accept: ".json,.zip,.gz", words: "Long energy answers as JSON" },
  Solcast: { accept: ".json,.zip,.gz", words: "Estimated actuals and forecasts as JSON" },
};

/** Sends files one after the other; the next step comes when all have arrived. One that failed can be sent again, or left out. */
export function ChooseFiles(props: { meterId: string; meterType: string; onReceived: (ids: string[]) => void }) {
  const { meterId, meterType, onReceived } = props;
  const [files, setFiles] = useState<Sending[]>([]);
  const kind = kinds[meterType] ?? { accept: "", words: "Files" };
  const change = (file: File, values: Partial<Sending>) =>
    setFiles((before) => before.map((each) => (each.file === file ? { ...each, ...values } : each)));

  const send = async (sending: readonly Sending[]) => {
    const ids: string[] = [];
    for (const { file, id } of sending) {
      if (id) {
        ids.push(id);
        continue;
      }
      change(file, { failure: null, share: 0 });
      const answer = await sendFile(meterId, file, (share) => change(file, { share }));
      if (answer.ok) {
        ids.push(answer.upload.id);
        change(file, { id: answer.upload.id, share: 1 });
      } else change(file, { failure: answer.message });
    }
    if (ids.length === sending.length) onReceived(ids);
  };
  const take = (chosen: File[]) => {
    const next = chosen
      .slice(0, MOST_FILES)
      // Where two files hold the same interval the later one wins: monthly exports are in order by their names.
      .sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }))
      .map((file) => ({ file, share: 0, id: null, failure: tooLarge(file) }));
    setFiles(next);
    if (next.every(({ failure }) => failure === null)) void send(next);
  };
  const isSending = files.some(({ id, failure }) => !id && !failure);
  const arrived = files.flatMap(({ id }) => id ?? []);
  return (
    <>
      <p className="q">
        The file goes into the archive as it is. What it would change is shown before anything is stored in the table.
      </p>
      {!isSending && (
        <FileDrop
          label={files.length > 0 ? "Choose others" : "Choose files"}
          hint={`or drop them here. ${kind.words}, up to ${MOST_UPLOAD_BYTES / 1024 ** 2} MB each, ${MOST_FILES} at once; zip and gzip too.`}
          accept={kind.accept}
          multiple
          onFiles={take}
        />
      )}
      {files.length > 0 && (
        <ul className="sent" aria-live="polite">
          {files.map(({ file, share, id, failure }) => (
            <li key={file.name}>
              <span className="row">
                <b>{file.name}</b>
                <span className="push qq">{sizeWords(file.size)}</span>
              </span>
              {failure ? (
                <State state="failed" ink>
                  {failure}
                </State>
              ) : id ? (
                <State state="succeeded" ink>
                  Archived
                </State>
              ) : (
                <progress value={share} max={1} aria-label={`Sending ${file.name}`} />
              )}
            </li>
          ))}
        </ul>
      )}
      {!isSending && files.some(({ failure }) => failure) && (
        <div className="row">
          {files.every(({ file }) => tooLarge(file) === null) && (
            <Button icon="retry" onClick={() => void send(files)}>
              Send again
            </Button>
          )}
          {arrived.length > 0 && (
            <Button onClick={() => onReceived(arrived)}>
              Go on with {arrived.length === 1 ? "the file that arrived" : `the ${arrived.length} that arrived`}
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function tooLarge({ name, size }: File): string | null {
  if (size <= MOST_UPLOAD_BYTES) return null;
  return `${name} has more than ${MOST_UPLOAD_BYTES / 1024 ** 2} MB: split it, or pack it as zip or gzip.`;
}
