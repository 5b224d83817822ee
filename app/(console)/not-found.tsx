import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { PageHeader } from "@/components/ui/page-header";

export default function NotFound() {
  return (
    <>
      <PageHeader title="Not found" />
      <Card>
        <Empty title="There is nothing at this address" action={<LinkButton href="/">Go to the overview</LinkButton>}>
          It may have been archived, or the link is not whole.
        </Empty>
      </Card>
    </>
  );
}
