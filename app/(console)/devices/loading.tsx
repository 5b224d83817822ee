import { Card } from "@/components/ui/card";
import { SkeletonBar, SkeletonHead, SkeletonTable } from "@/components/ui/skeleton";

export default function DevicesLoading() {
  return (
    <>
      <SkeletonHead action />
      <SkeletonBar widths={[264, 104]} height={32} />
      <Card>
        <SkeletonTable tall />
      </Card>
    </>
  );
}
