import { describe, expect, it } from "vitest";
import { StartError } from "../start-error";
import { readConfiguration } from "./configuration";

const dataDirOf = (text: string) =>
  readConfiguration({ kind: "start", isDev: false }, { METERPROOF_DATA_DIR: text }).dataDir;

describe("the data directory", () => {
  it.each(["/proc", "/proc/1/meterproof", "/sys/fs", "/tmp/../proc/meterproof"])("is refused at %s", (folder) => {
    expect(() => dataDirOf(folder)).toThrow(StartError);
    expect(() => dataDirOf(folder)).toThrow(/^METERPROOF_DATA_DIR is \/(proc|sys)/);
  });

  it.each(["/processed", "/srv/proc", "/system"])("may be %s", (folder) => {
    expect(dataDirOf(folder)).toBe(folder);
  });
});
