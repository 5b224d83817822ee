import type { ReactNode } from "react";
import { Card, CardBody, CardHead } from "@/components/ui/card";

/** What belongs together in a form, in two columns; `className="wide"` on a child takes both. */
export function FormSection({ title, note, children }: { title: string; note: string; children: ReactNode }) {
  return (
    <Card>
      <CardHead title={title} note={note} rule />
      <CardBody>
        <div className="form-grid">{children}</div>
      </CardBody>
    </Card>
  );
}
