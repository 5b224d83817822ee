import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Skeleton, SkeletonBar, SkeletonHead } from "@/components/ui/skeleton";

export default function JobLoading() {
  return (
    <>
      <SkeletonHead action />
      <SkeletonBar widths={[56, 64, 72]} />
      <Card aria-hidden="true">
        <CardHead title={<Skeleton width="96px" />} />
        <CardBody>
          <Skeleton height="440px" />
        </CardBody>
      </Card>
    </>
  );
}
