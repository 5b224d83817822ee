import { docsPage } from "@/lib/http/docs-page";

export function GET(): Response {
  return new Response(docsPage(), {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    },
  });
}
