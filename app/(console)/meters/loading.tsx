import { Card } from "@/components/ui/card";
import { SkeletonBar, SkeletonHead, SkeletonTable } from "@/components/ui/skeleton";

export default function MetersLoading() {
  return (
    <>
      <SkeletonHead action />
      <SkeletonBar widths={[80, 104, 96]} />
      <SkeletonBar widths={[264, 88, 96, 104]} height={32} />
      <Card>
        <SkeletonTable tall />
      </Card>
    </>
  );
}
