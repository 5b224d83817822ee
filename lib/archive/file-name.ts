/** The last segment of an archive key for a file that has a name elsewhere: what a key may hold, and no more than 100 characters. */
export function nameInKey(name: string): string {
  const last = name.slice(name.lastIndexOf("/") + 1);
  const safe = last.replaceAll(/[^A-Za-z0-9._=-]/g, "_").replace(/^\.+/, "_");
  return safe.slice(-100) || "object";
}

const types = {
  csv: "text/csv",
  json: "application/json",
  xml: "application/xml",
  zip: "application/zip",
  gz: "application/gzip",
};

/** By the name's ending; readers look at the first bytes anyway. */
export function contentTypeOf(name: string): string {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return types[extension as keyof typeof types] ?? "application/octet-stream";
}
