import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";

/** In the place of a form, for who only reads. */
export function MayNotEdit() {
  return (
    <Card>
      <Empty title="Your role does not change devices">Ask an operator or an administrator.</Empty>
    </Card>
  );
}
