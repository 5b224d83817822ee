"use client";

import { useState, useTransition } from "react";
import { Button } from "@/components/ui/button";
import { Field, Textarea } from "@/components/ui/field";
import { Note } from "@/components/ui/note";
import { FileDrop } from "@/components/uploads/file-drop";
import { sizeWords } from "@/components/uploads/size-words";
import type { Action } from "@/lib/action";
import type { CsvSample } from "@/lib/meters/csv-mapping/limits";
import { sampleOfFile, sampleOfText } from "./use-sample";

/** Where the rows come from that the mapping is tried on: a file, the newest object of the bucket, or pasted lines. */
export function SampleSource(props: {
  sample: CsvSample | null;
  entry: string | null;
  isS3: boolean;
  fromBucket: Action<CsvSample>;
  /** The form as it is, for the bucket. */
  bucketInput: () => Record<string, unknown>;
  onSample: (sample: CsvSample) => void;
}) {
  const { sample, entry, isS3, fromBucket, bucketInput, onSample } = props;
  const [isPasting, setPasting] = useState(false);
  const [pasted, setPasted] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  const [isFetching, startFetching] = useTransition();
  const fetchNewest = () =>
    startFetching(async () => {
      const answer = await fromBucket(null, bucketInput());
      setFailure(answer.ok ? null : answer.message);
      if (answer.ok) onSample(answer.data);
    });
  return (
    <div className="wide stack-s">
      <FileDrop
        label={sample ? "Choose another file" : "Choose a sample file"}
        hint="or drop one here. Only its beginning is looked at, and nothing of it is stored."
        accept=".csv,.txt,.tsv,.gz,.zip"
        onFiles={([file]) => {
          setFailure(null);
          if (file) void sampleOfFile(file).then(onSample);
        }}
      />
      <div className="row wrap">
        {isS3 && (
          <Button small icon="download" busy={isFetching} onClick={fetchNewest}>
            Take the newest object of the bucket
          </Button>
        )}
        <Button small on={isPasting} aria-expanded={isPasting} onClick={() => setPasting(!isPasting)}>
          Paste lines
        </Button>
        {sample && (
          <span className="qq figs">
            Sample: <b className="strong">{sample.name}</b>
            {entry && `, ${entry} in it`}, {sizeWords(sample.sizeBytes)}
          </span>
        )}
      </div>
      {isPasting && (
        <Field label="Lines of a file" help="With its header, as they stand in the file.">
          <Textarea
            rows={5}
            className="mono"
            spellCheck={false}
            value={pasted}
            onChange={(event) => {
              setPasted(event.target.value);
              if (event.target.value.trim() !== "") onSample(sampleOfText(event.target.value));
            }}
          />
        </Field>
      )}
      {failure && (
        <Note state="failed" role="alert" title="No sample came from the bucket">
          {failure}
        </Note>
      )}
    </div>
  );
}
