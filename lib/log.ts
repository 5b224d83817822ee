import pino from "pino";

export type Logger = pino.Logger;

/** JSON lines on standard error, so that standard output stays the program's own. Secrets are cut out by name. */
export const log: Logger = pino(
  {
    level: process.env.LOG_LEVEL ?? "info",
    redact: {
      paths: [
        "authorization",
        "*.authorization",
        "password",
        "*.password",
        "dataCredentials",
        "*.dataCredentials",
        "token",
        "*.token",
      ],
      censor: "[removed]",
    },
  },
  pino.destination(2),
);
