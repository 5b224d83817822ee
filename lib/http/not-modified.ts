/**
 * 304 where the client has the answer of this version already, otherwise null. The tag is weak: the same answer is sent in
 * several encodings. `no-cache` lets a client keep an answer and has it ask whether it still holds.
 */
export function notModified(request: Request, version: string): Response | null {
  const given = request.headers.get("if-none-match");
  const tags = given?.split(",").map((tag) => tag.trim().replace(/^W\//, "")) ?? [];
  if (!tags.includes(`"${version}"`) && !tags.includes("*")) return null;
  return new Response(null, { status: 304, headers: versionHeaders(version) });
}

export function versionHeaders(version: string): Record<string, string> {
  return {
    ETag: `W/"${version}"`,
    "Cache-Control": "private, no-cache",
    Vary: "Accept-Encoding, Authorization, Cookie",
  };
}
