import product from "../../../package.json" with { type: "json" };

/** What made a record, in its evidence. */
export const codeVersion = `${product.name} ${product.version}`;
