import { afterEach, expect, it, vi } from "vitest";
import { ArchiveError } from "./archive";
import { openArchive } from "./open-archive";

afterEach(() => vi.unstubAllEnvs());

it.each([
  "file:/var/lib/meterproof",
  "file:///var/lib/meterproof/",
  "s3://bucket?region=ap-southeast-2",
  "s3://bucket/a/b?region=us-east-1&endpoint=http%3A%2F%2F127.0.0.1%3A9000&forcePathStyle=true",
  "s3://bucket/a/b?endpoint=http://127.0.0.1:9000",
])("opens %s without contacting it", (address) => {
  vi.stubEnv("AWS_REGION", "");
  vi.stubEnv("AWS_DEFAULT_REGION", "");
  expect(openArchive(address).address).toContain(address.slice(0, 5));
});

it("takes the region from the environment", () => {
  vi.stubEnv("AWS_REGION", "ap-southeast-2");
  expect(openArchive("s3://bucket/a").address).toBe("s3://bucket/a");
});

it.each([
  ["archive", "must begin with"],
  ["file:archive", "absolute path"],
  ["file://host/archive", "file address of this machine"],
  ["s3://", "names no bucket"],
  ["s3://Bucket_1", "names no bucket"],
  ["s3://bucket/a/../../b//c", "empty segment"],
  ["s3://key:secret@bucket/a?region=x", "must not hold credentials"],
  ["s3://bucket/a", "needs a region"],
  ["s3://bucket/a?region=x&secret=y", "unknown parameter secret"],
  ["s3://bucket/a?region=x&forcePathStyle=yes", "true or false"],
  ["s3://bucket/a?region=x&endpoint=minio:9000", "http(s) address"],
  ["s3://bucket/a?region=x&endpoint=http://u:hunter2@minio:9000", "must not hold credentials"],
])("refuses %s", (address, words) => {
  vi.stubEnv("AWS_REGION", "");
  vi.stubEnv("AWS_DEFAULT_REGION", "");
  expect(() => openArchive(address)).toThrow(ArchiveError);
  expect(() => openArchive(address)).toThrow(words);
  expect(() => openArchive(address)).not.toThrow("hunter2");
});
