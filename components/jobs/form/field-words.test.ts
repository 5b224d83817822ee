import { expect, it } from "vitest";
import { mrvSettings } from "@/lib/mrv/settings";
import { labelOfJobField } from "./field-words";

it("calls fields as the form does, and settings by no name of theirs", () => {
  expect(labelOfJobField("settings.MRV_MAX_KWH")).toEqual({ label: "Most energy", input: "settings.MRV_MAX_KWH" });
  expect(labelOfJobField("startDay")).toEqual({ label: "Start", input: "startAt" });
  expect(labelOfJobField("settings.MRV_FIELD_MAP.site.name.value")).toEqual({
    label: "Field site.name",
    input: "settings.MRV_FIELD_MAP.site.name",
  });
  // Those that a switch sets are never wrong.
  const asked = Object.keys(mrvSettings.shape).filter((name) => !name.startsWith("MRV_ALLOW_"));
  for (const name of asked) expect(labelOfJobField(`settings.${name}`).label, name).not.toContain("MRV_");
});
