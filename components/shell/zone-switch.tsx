"use client";

import { Segmented } from "../ui/segmented";
import { useZones } from "../ui/zone";

export const zoneOptions = [
  { value: "site", label: "Site" },
  { value: "utc", label: "UTC" },
  { value: "mine", label: "Mine" },
] as const;

export function ZoneSwitch() {
  const { mode, setMode } = useZones();
  return <Segmented small label="Time zone" value={mode} options={zoneOptions} onChange={setMode} />;
}
