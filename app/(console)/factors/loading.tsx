import { Card } from "@/components/ui/card";
import { SkeletonHead, SkeletonTable } from "@/components/ui/skeleton";

export default function FactorsLoading() {
  return (
    <>
      <SkeletonHead />
      <Card>
        <SkeletonTable rows={9} />
      </Card>
    </>
  );
}
