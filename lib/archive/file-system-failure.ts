import { ArchiveError, ArchiveUnavailable } from "./archive";

/** Gives a file system's error a sentence that says what to do. Errors of ours pass unchanged. */
export function asFileSystemFailure(error: unknown, root: string): unknown {
  if (error instanceof ArchiveError) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (typeof code !== "string") return error;
  const sentence = sentences[code];
  if (!sentence) return new ArchiveUnavailable(`The archive at ${root} failed: ${code}.`, { cause: error });
  return new ArchiveUnavailable(`The archive at ${root} ${sentence}`, { cause: error });
}

const sentences: Record<string, string> = {
  ENOSPC: "has no space left: free some, or move it to a larger disk.",
  EDQUOT: "has used up its disk quota: raise the quota, or move it.",
  EACCES: "may not be read or written by the user this process runs as: change its owner or its permissions.",
  EPERM: "may not be written by the user this process runs as: change its owner or its permissions.",
  EROFS: "is on a read-only file system: mount it writable, or choose another place.",
  ENOTDIR: "has a file where a directory is needed.",
  EISDIR: "has a directory where a file is needed.",
  EMFILE: "cannot be opened, because this process has too many open files: raise its limit (ulimit -n).",
  ENFILE: "cannot be opened, because this machine has too many open files.",
  EIO: "cannot be read or written: the disk reports an error. Look at the system's log.",
  ENODEV: "is on a device that is gone: mount it again.",
  ESTALE: "is on a network file system that is gone: mount it again.",
  ENOENT: "is gone: was it moved, or its disk unmounted?",
};
