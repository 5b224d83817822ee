import type { JsonObject } from "../../guardian/json-object";
import type { MrvConfig } from "../../guardian/mrv-config";
import { SYSTEM_FIELDS } from "../../guardian/subject";
import { shapeOfContext, shapeOfSchema, type TypeShape } from "../../guardian/subject-shape";
import type { DeviceField } from "../schemas";

export function subjectShapeOf(config: Pick<MrvConfig, "type" | "context">, schema: JsonObject | null): TypeShape {
  return schema ? shapeOfSchema(schema, config.type) : shapeOfContext(config.context, config.type);
}

/** Single values of the credential subject, in the order of the schema; nested ones by dotted path. */
export function deviceFields(config: Pick<MrvConfig, "type" | "context">, schema: JsonObject | null): DeviceField[] {
  return fieldsOf(subjectShapeOf(config, schema), "");
}

function fieldsOf(shape: TypeShape, above: string): DeviceField[] {
  return [...shape.fields].flatMap(([name, field]) => {
    const path = above + name;
    if (field.object) return fieldsOf(field.object, `${path}.`);
    return {
      path,
      title: field.title ?? null,
      kind: field.kind,
      format: field.format ?? null,
      isList: field.isArray,
      isRequired: shape.required.has(name),
      isFromConfig: above === "" && SYSTEM_FIELDS.some((each) => each === name),
    };
  });
}
