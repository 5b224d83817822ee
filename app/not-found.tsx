import type { Metadata } from "next";
import { BrandMark } from "@/components/shell/brand";
import { LinkButton } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";

export const metadata: Metadata = { title: "Not found" };

/** For addresses that no page has; what a page itself does not find is shown inside the console. */
export default function NotFound() {
  return (
    <main className="si-form lost">
      <div className="brand">
        <BrandMark />
        Meterproof
      </div>
      <h1 className="sr">Not found</h1>
      <Empty title="There is no page at this address" action={<LinkButton href="/">Go to the overview</LinkButton>}>
        Check the link: a part of it may be missing.
      </Empty>
    </main>
  );
}
