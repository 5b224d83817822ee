/** A file that is larger is split: it is sent in one request, and read as a whole several times. */
export const MOST_UPLOAD_BYTES = 512 * 1024 * 1024;

/** To arrive: 512 MB over a line of 1.2 Mbit/s. */
export const LONGEST_UPLOAD_SECONDS = 3_600;

/** Of one order: its files are read together. */
export const MOST_FILES = 20;
