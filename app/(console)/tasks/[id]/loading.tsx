import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Skeleton, SkeletonHead, SkeletonRows } from "@/components/ui/skeleton";

export default function TaskLoading() {
  return (
    <>
      <SkeletonHead action />
      <div className="cols" aria-hidden="true">
        <div className="c8 stack">
          <Card>
            <CardHead title={<Skeleton width="80px" />} />
            <CardBody>
              <Skeleton height="240px" />
            </CardBody>
            <div className="rows4">
              {["read", "written", "changed", "rejected"].map((key) => (
                <div key={key} className="sk-head">
                  <Skeleton width="72px" />
                  <Skeleton width="48px" height="20px" />
                </div>
              ))}
            </div>
          </Card>
        </div>
        <div className="c4 stack">
          <Card>
            <CardHead title={<Skeleton width="80px" />} rule />
            <SkeletonRows rows={3} />
          </Card>
          <Card>
            <CardHead title={<Skeleton width="56px" />} rule />
            <SkeletonRows rows={7} />
          </Card>
        </div>
      </div>
    </>
  );
}
