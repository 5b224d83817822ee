import { element, parent, xmlDocument } from "./xml";

/** An error answer of S3. `fields` are further elements of its body, such as `Region`. */
export class S3Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: Record<string, string> = {},
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }

  body(resource: string): string {
    const all = { Code: this.code, Message: this.message, Resource: resource, ...this.fields };
    return xmlDocument(
      parent(
        "Error",
        Object.entries(all).map(([name, value]) => element(name, value)),
      ),
    );
  }
}

export const noSuchBucket = (bucket: string) =>
  new S3Problem(404, "NoSuchBucket", "The specified bucket does not exist", { BucketName: bucket });
export const noSuchKey = (key: string) =>
  new S3Problem(404, "NoSuchKey", "The specified key does not exist.", { Key: key });
export const invalidArgument = (message: string) => new S3Problem(400, "InvalidArgument", message);
export const notImplemented = (what: string) =>
  new S3Problem(501, "NotImplemented", `The simulator does not offer ${what}.`);
export const preconditionFailed = (condition: string) =>
  new S3Problem(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    Condition: condition,
  });
