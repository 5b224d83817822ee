import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Skeleton, SkeletonHead, SkeletonRows, SkeletonTable } from "@/components/ui/skeleton";

/** The overview's shape, while it is read. */
export default function OverviewLoading() {
  return (
    <>
      <SkeletonHead action />
      <div className="cols" aria-hidden="true">
        <Card span={8}>
          <CardHead title={<Skeleton width="120px" />} />
          <CardBody>
            <div className="ov-figs">
              {["a", "b", "c"].map((key) => (
                <div key={key} className="sk-head">
                  <Skeleton width="80px" />
                  <Skeleton width="110px" height="24px" />
                  <Skeleton width="140px" />
                </div>
              ))}
            </div>
            <Skeleton height="250px" />
          </CardBody>
        </Card>
        <Card span={4}>
          <CardHead title={<Skeleton width="120px" />} />
          <SkeletonRows rows={4} />
        </Card>
        {["freshness", "tasks", "quotas"].map((key) => (
          <Card key={key} span={4}>
            <CardHead title={<Skeleton width="120px" />} />
            <SkeletonRows rows={5} />
          </Card>
        ))}
        <Card span={12}>
          <CardHead title={<Skeleton width="96px" />} rule />
          <SkeletonTable rows={5} />
        </Card>
      </div>
    </>
  );
}
