import type { ReactNode } from "react";
import type { DevicePreview } from "@/lib/devices/schemas";

/** What the config says. Long ids break where they must. */
export function DeviceFacts({ read, children }: { read: DevicePreview["read"]; children?: ReactNode }) {
  return (
    <dl className="kv l">
      <Fact name="DID" code={read.did} />
      <Fact name="Policy" code={read.policyId} />
      <Fact name="Policy tag" code={read.policyTag} />
      <Fact name="Records go to" code={`${read.guardianUrl}/external`} />
      <Fact name="Installer" code={read.installerDid} />
      {read.ref !== read.did && <Fact name="Named as" code={read.ref} />}
      <Fact name="Record type" code={read.type} />
      <Fact name="Context" code={read.contextUrls.join(", ")} />
      {read.topicId && <Fact name="Topic" code={read.topicId} />}
      {read.hederaAccountId && <Fact name="Account" code={read.hederaAccountId} />}
      <Fact name="Public key" code={read.publicKeyBase58} />
      <Fact name="Key name" code={`#${read.verificationMethod.split("#").at(-1)}`} />
      {children}
    </dl>
  );
}

function Fact({ name, code }: { name: string; code: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <code>{code}</code>
      </dd>
    </>
  );
}
