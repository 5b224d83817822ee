import { Card } from "@/components/ui/card";
import { SkeletonBar, SkeletonHead, SkeletonTable } from "@/components/ui/skeleton";

export default function TasksLoading() {
  return (
    <>
      <SkeletonHead />
      <SkeletonBar widths={[80, 72, 96, 64]} />
      <SkeletonBar widths={[264, 104, 96, 92]} height={32} />
      <Card>
        <SkeletonTable rows={16} />
      </Card>
    </>
  );
}
