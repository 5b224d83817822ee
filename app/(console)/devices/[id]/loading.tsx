import { Card, CardHead } from "@/components/ui/card";
import { Skeleton, SkeletonHead, SkeletonRows } from "@/components/ui/skeleton";

export default function DeviceLoading() {
  return (
    <>
      <SkeletonHead action />
      <div className="cols" aria-hidden="true">
        <Card span={7}>
          <CardHead title={<Skeleton width="96px" />} rule />
          <SkeletonRows rows={8} />
        </Card>
        <Card span={5}>
          <CardHead title={<Skeleton width="64px" />} rule />
          <SkeletonRows rows={3} />
        </Card>
      </div>
    </>
  );
}
