"use client";

import { Button } from "./button";
import { Note } from "./note";

/** Says what failed, in which request, and offers to try again. For `error.tsx`: `<ErrorPanel what="The meters" error={error} retry={reset} />`. */
export function ErrorPanel(props: {
  what: string;
  error?: Error & { digest?: string };
  requestId?: string;
  retry?: () => void;
}) {
  const id = props.requestId ?? props.error?.digest;
  return (
    <Note state="failed" role="alert" title={`${props.what} could not be read`}>
      <p>
        The server had a problem; nothing was changed.
        {id && (
          <>
            {" "}
            Request <code>{id}</code>.
          </>
        )}
      </p>
      {props.retry && (
        <Button small icon="retry" className="mt-2" onClick={props.retry}>
          Try again
        </Button>
      )}
    </Note>
  );
}
