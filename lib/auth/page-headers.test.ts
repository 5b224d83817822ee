import { expect, it, vi } from "vitest";
import { contentSecurityPolicy, strictTransport } from "./page-headers";

const settings = vi.hoisted(() => ({ NEXTAUTH_URL: undefined as string | undefined }));
vi.mock("../env", () => ({ env: () => settings }));

it("lets a page run only scripts with its nonce, and be framed by nobody", () => {
  const policy = contentSecurityPolicy("n0nce");
  expect(policy).toContain("script-src 'self' 'nonce-n0nce';");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
});

it("asks for https for ever only where people come by https", () => {
  expect(strictTransport()).toBeNull();
  settings.NEXTAUTH_URL = "https://meterproof.example.com";
  expect(strictTransport()).toMatch(/^max-age=\d{8}$/);
});
