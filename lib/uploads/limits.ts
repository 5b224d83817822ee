/** A file that is larger is split: it is sent in one request, and read as a whole several times. */
export const MOST_UPLOAD_BYTES = 512 * 1024 * 1024;

/** Of one order: its files are read together. */
export const MOST_FILES = 20;
