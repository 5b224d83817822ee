import Link from "next/link";
import type { ReactNode } from "react";
import { formatNumber } from "@/components/ui/format";
import { metricOf } from "@/lib/metrics/registry";
import { sourceNames } from "@/lib/mrv/field-map/source-words";
import type { FieldRule, MrvSettings } from "@/lib/mrv/settings";
import { Group, Line } from "./settings-lines";

/** The settings of an MRV job in words. */
export function MrvSettingsGroups(props: {
  settings: MrvSettings;
  /** Who signs, as things stand. */
  device: { id: string; name: string; policyTag: string; ref: string } | null;
  crossCheckName: string | null;
}) {
  const { settings, device, crossCheckName } = props;
  const { unit } = metricOf(settings.MRV_METRIC);
  return (
    <>
      <Group title="What must hold">
        <Line name="Coverage">at least {percent(settings.MRV_MIN_COVERAGE)}</Line>
        <Line name="Longest gap">
          {settings.MRV_MAX_GAP_MINUTES === undefined
            ? "any: coverage alone decides"
            : `${formatNumber(settings.MRV_MAX_GAP_MINUTES)} minutes`}
        </Line>
        <Line name="Estimated readings">{estimatedWords(settings)}</Line>
        <Line name="Most energy">
          {settings.MRV_MAX_KWH === undefined
            ? "what the meter's capacity allows, where it is known"
            : `${formatNumber(settings.MRV_MAX_KWH)} ${unit} a period`}
        </Line>
        <Line name="Compared with">
          {settings.MRV_CROSS_CHECK_METER === undefined ? (
            "no other meter"
          ) : (
            <>
              <Link className="link" href={`/meters/${settings.MRV_CROSS_CHECK_METER}`}>
                {crossCheckName ?? "another meter"}
              </Link>
              , within {percent(settings.MRV_CROSS_CHECK_TOLERANCE)}
            </>
          )}
        </Line>
        <Line name="Earlier periods">
          {settings.MRV_EARLIER_TOLERANCE === undefined
            ? "shown, not judged"
            : `within ${percent(settings.MRV_EARLIER_TOLERANCE)} of their median`}
        </Line>
      </Group>
      <Group title="Who approves">
        <Line
          name="Approval"
          note={
            settings.MRV_APPROVAL === "auto"
              ? "Nobody looks at those before they leave. What failed a check waits for a person."
              : "One who touched neither the meter, the job nor its data"
          }
        >
          {settings.MRV_APPROVAL === "auto" ? "automatic where every check passed" : "a person, each record"}
        </Line>
      </Group>
      <Group title="Where it goes">
        <Line name="Device">
          {device ? (
            <Link className="link" href={`/devices/${device.id}`}>
              {device.name}
            </Link>
          ) : (
            "none: attach the meter to one"
          )}
        </Line>
        <Line name="Policy tag" note={settings.MRV_POLICY_TAG ? "The job's own" : "The device's"}>
          <code>{settings.MRV_POLICY_TAG ?? device?.policyTag ?? "none"}</code>
        </Line>
        <Line name="Reference" note={settings.MRV_REF ? "The job's own" : "The device's"}>
          <code>{settings.MRV_REF ?? device?.ref ?? "none"}</code>
        </Line>
        <Line name="Route" note={settings.MRV_ROUTE === "sync-events" ? "Answers when the policy is done" : undefined}>
          <code>{settings.MRV_ROUTE}</code>
        </Line>
        <Line name="Block">
          {settings.MRV_BLOCK_TAG ? <code>{settings.MRV_BLOCK_TAG}</code> : "every external data block of the policy"}
        </Line>
        <Line name="Corrections">{settings.MRV_ALLOW_CORRECTIONS ? "the policy takes them" : "none"}</Line>
      </Group>
      <Group title="Fields of the credential">
        {Object.entries(settings.MRV_FIELD_MAP).map(([path, rule]) => (
          <Line key={path} name={<code>{path}</code>}>
            {ruleWords(rule)}
          </Line>
        ))}
      </Group>
    </>
  );
}

function ruleWords(rule: FieldRule): ReactNode {
  if (rule.from === "constant") return <>always {String(rule.value)}</>;
  const rounded = rule.decimals === undefined ? "" : `, at most ${rule.decimals} decimals`;
  return `${sourceNames[rule.from]}${rounded}`;
}

function estimatedWords({ MRV_ALLOW_ESTIMATED, MRV_MAX_ESTIMATED_SHARE: share }: MrvSettings): string {
  if (!MRV_ALLOW_ESTIMATED) return "none count";
  return share === undefined ? "count" : `count, up to ${percent(share)} of the period`;
}

function percent(share: number): string {
  return `${formatNumber(share * 100, 2).replace(/\.?0+$/, "")} %`;
}
