import { expect, it } from "vitest";
import { z } from "zod";
import { formValues, readForm } from "./form-data";

const schema = z.strictObject({
  name: z.string(),
  capacityKw: z.number().nullable().optional(),
  isForced: z.boolean().default(false),
  roles: z.array(z.string()).optional(),
  settings: z.record(z.string(), z.unknown()).default({}),
  s3: z.strictObject({ prefix: z.string(), parts: z.number() }).optional(),
});

function form(...fields: [string, string][]): FormData {
  const data = new FormData();
  for (const [name, value] of fields) data.append(name, value);
  return data;
}

it("reads fields as the schema says", () => {
  const read = readForm(
    schema,
    form(
      ["$ACTION_ID_1", ""],
      ["name", "42"],
      ["capacityKw", "5.5"],
      ["isForced", "on"],
      ["roles", "viewer"],
      ["settings", '{"channels":[1]}'],
      ["s3.prefix", "a/b"],
      ["s3.parts", "3"],
    ),
  );
  expect(read).toEqual({
    name: "42",
    capacityKw: 5.5,
    isForced: true,
    roles: ["viewer"],
    settings: { channels: [1] },
    s3: { prefix: "a/b", parts: 3 },
  });
});

it("leaves out what is empty and keeps what cannot be read", () => {
  expect(readForm(schema, form(["name", ""], ["capacityKw", "five"], ["roles", ""]))).toEqual({
    capacityKw: "five",
    roles: [],
  });
  expect(readForm(schema, form(["settings", "{broken"]))).toEqual({ settings: "{broken" });
});

it("takes several values as a list, and does not reach into prototypes", () => {
  const read = readForm(schema, form(["roles", "a"], ["roles", "b"], ["__proto__.polluted", "1"], ["name.x", "1"]));
  expect(read.roles).toEqual(["a", "b"]);
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
});

it("gives back what was typed, but no secrets", () => {
  const values = formValues(
    form(["email", "a@b.c"], ["newPassword", "x"], ["dataCredentials", "key"], ["setupToken", "t"]),
  );
  expect(values).toEqual({ email: "a@b.c" });
});
