import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Skeleton, SkeletonHead } from "@/components/ui/skeleton";

export default function MeterFormLoading() {
  return (
    <>
      <SkeletonHead />
      <div className="cols" aria-hidden="true">
        <div className="c8 stack">
          {[4, 2, 3].map((fields) => (
            <Card key={fields}>
              <CardHead title={<Skeleton width="80px" />} rule />
              <CardBody>
                <div className="form-grid">
                  {Array.from({ length: fields }, (_, index) => index).map((index) => (
                    <div key={index} className="sk-head">
                      <Skeleton width="96px" />
                      <Skeleton height="32px" />
                    </div>
                  ))}
                </div>
              </CardBody>
            </Card>
          ))}
        </div>
        <Card span={4}>
          <CardHead title={<Skeleton width="96px" />} rule />
          <CardBody className="connection">
            <Skeleton width="90%" />
            <Skeleton width="70%" />
          </CardBody>
        </Card>
      </div>
    </>
  );
}
