/** Of a config or a schema as text: those of real policies have a few thousand characters, and a request with both must stay below a megabyte. */
export const MOST_CHARACTERS = 300_000;
