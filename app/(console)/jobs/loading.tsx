import { Card } from "@/components/ui/card";
import { SkeletonBar, SkeletonHead, SkeletonTable } from "@/components/ui/skeleton";

export default function JobsLoading() {
  return (
    <>
      <SkeletonHead action />
      <SkeletonBar widths={[264, 88, 96]} height={32} />
      <Card>
        <SkeletonTable />
      </Card>
    </>
  );
}
