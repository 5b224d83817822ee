import postgres from "postgres";

/** Connections for single statements. Tables are found by the search path, so statements read without a prefix. */
export type Database = postgres.Sql;

/** PostgreSQL's way to write an array of texts; values are quoted, so any text will do. */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/[\\"]/g, "\\$&")}"`).join(",")}}`;
}

const textArray = 1009;
const bigintArray = 1016;

/** What all connections have in common. */
export const connectionOptions = {
  connection: {
    search_path: "inngest_local",
    application_name: "inngest-local-server",
    // Nothing here takes long; what does must not hold its locks for ever.
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
  },
  // The driver would ask for the array types on every new connection and, when that fails, reject for nobody to hear.
  fetch_types: false,
  types: {
    texts: { to: textArray, from: [], serialize: arrayLiteral, parse: String },
    bigints: { to: bigintArray, from: [], serialize: arrayLiteral, parse: String },
  },
  onnotice: () => undefined,
};

/** Opens connections for single statements. They see only the server's own schema. */
export function connect(databaseUrl: string, maxConnections: number): Database {
  return postgres(databaseUrl, { ...connectionOptions, max: maxConnections });
}
