import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Skeleton, SkeletonBar, SkeletonHead, SkeletonTable } from "@/components/ui/skeleton";

export default function DataLoading() {
  return (
    <>
      <SkeletonHead action />
      <SkeletonBar widths={[160, 120, 104, 88]} height={32} />
      <Card aria-hidden="true">
        <CardHead title={<Skeleton width="120px" />} />
        <CardBody>
          <Skeleton height="320px" />
        </CardBody>
      </Card>
      <Card>
        <SkeletonTable rows={8} />
      </Card>
    </>
  );
}
