const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

export function xmlDocument(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${content}`;
}

/** An answer's outermost element; `content` is markup. */
export function root(name: string, content: readonly string[]): string {
  return xmlDocument(`<${name} xmlns="${NAMESPACE}">${content.join("")}</${name}>`);
}

export function element(name: string, text: string | number | boolean): string {
  return `<${name}>${escaped(String(text))}</${name}>`;
}

export function parent(name: string, content: readonly string[]): string {
  return `<${name}>${content.join("")}</${name}>`;
}

/** The texts of all elements of a name, in order: enough for the flat bodies that S3 takes. */
export function textsOf(xml: string, name: string): string[] {
  const found = xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`, "g"));
  return [...found].map(([, text = ""]) => unescaped(text));
}

/** The markup inside all elements of a name, which do not hold each other. */
export function partsOf(xml: string, name: string): string[] {
  const found = xml.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, "g"));
  return [...found].map(([, content = ""]) => content);
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;" };

function escaped(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character);
}

function unescaped(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#[0-9]+|amp|lt|gt|quot|apos);/gi, (_all, name: string) => {
    if (name.startsWith("#x")) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith("#")) return String.fromCodePoint(Number(name.slice(1)));
    return { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }[name.toLowerCase()] ?? "";
  });
}
