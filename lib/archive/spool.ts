import { createHash, randomUUID } from "node:crypto";
import { open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Spooled {
  path: string;
  sizeBytes: number;
  sha256: string;
}

/**
 * Runs `use` with the chunks in a temporary file, whose hash is known before the first byte is sent. The file is removed
 * whatever happens.
 */
export async function withSpooled<T>(
  chunks: AsyncIterable<Uint8Array>,
  use: (spooled: Spooled) => Promise<T>,
): Promise<T> {
  const path = join(tmpdir(), `meterproof-${randomUUID()}`);
  const file = await open(path, "wx", 0o600);
  try {
    const hash = createHash("sha256");
    let sizeBytes = 0;
    try {
      for await (const chunk of chunks) {
        hash.update(chunk);
        sizeBytes += chunk.byteLength;
        await file.writeFile(chunk);
      }
    } finally {
      await file.close();
    }
    return await use({ path, sizeBytes, sha256: hash.digest("hex") });
  } finally {
    await unlink(path);
  }
}
