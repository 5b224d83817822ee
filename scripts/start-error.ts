/** Something a person can put right: its message is printed as it is, without a stack, and the command ends with 1. */
export class StartError extends Error {
  override name = "StartError";
}

/** The errno code of a failed system call, such as `ENOSPC`. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** Full disks, missing rights and files in the place of folders, in a sentence; anything else is given back as it came. */
export function asStartError(error: unknown, path: string): unknown {
  switch (errnoOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return new StartError(`The disk that holds ${path} is full: free some space, then start again.`);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new StartError(
        `${path} cannot be written by this user: change its owner, or set METERPROOF_DATA_DIR to a folder that can.`,
      );
    case "EEXIST":
    case "ENOTDIR":
      return new StartError(
        `${path} is no folder and cannot become one, because a file is in its place: move that away, or set METERPROOF_DATA_DIR to another folder.`,
      );
    default:
      return error;
  }
}
