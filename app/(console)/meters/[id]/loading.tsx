import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Skeleton, SkeletonHead, SkeletonRows } from "@/components/ui/skeleton";

export default function MeterLoading() {
  return (
    <>
      <SkeletonHead action />
      <div className="m-figs" aria-hidden="true">
        {["today", "month", "carbon", "coverage"].map((key) => (
          <div key={key} className="sk-head">
            <Skeleton width="80px" />
            <Skeleton width="110px" height="24px" />
            <Skeleton width="140px" />
          </div>
        ))}
      </div>
      <div className="cols" aria-hidden="true">
        <Card span={12}>
          <CardHead title={<Skeleton width="120px" />} />
          <CardBody>
            <Skeleton height="140px" />
          </CardBody>
        </Card>
        <Card span={8}>
          <CardHead title={<Skeleton width="120px" />} />
          <CardBody>
            <Skeleton height="250px" />
          </CardBody>
        </Card>
        <Card span={4}>
          <CardHead title={<Skeleton width="80px" />} />
          <SkeletonRows rows={5} />
        </Card>
      </div>
    </>
  );
}
