import { AppError, InvalidInput, MethodNotAllowed, TooManyRequests } from "../errors";
import { asAppError, logUnknown } from "../unknown-error";

/** The one form of every API error. Unknown errors are logged with the request's id and say nothing of their cause. */
export function errorResponse(error: unknown, requestId: string, about: Record<string, unknown> = {}): Response {
  const known = asAppError(error);
  if (!known) logUnknown(error, { ...about, requestId });
  const shown = known ?? new AppError("internal", 500, `Something went wrong here. It was logged as ${requestId}.`);
  const fields = shown instanceof InvalidInput && Object.keys(shown.fields).length > 0 ? shown.fields : undefined;
  const headers = new Headers({ "Cache-Control": "no-store", "X-Request-Id": requestId });
  if (shown instanceof TooManyRequests)
    headers.set("Retry-After", String(Math.max(1, Math.ceil(shown.retryAfterSeconds))));
  if (shown instanceof MethodNotAllowed) headers.set("Allow", shown.allow);
  if (shown.status === 401) headers.set("WWW-Authenticate", 'Bearer realm="Meterproof"');
  return Response.json(
    { error: { code: shown.code, message: shown.message, fields, requestId } },
    { status: shown.status, headers },
  );
}
