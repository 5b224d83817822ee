import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { LONGEST_UPLOAD_SECONDS } from "../uploads/limits";

/** Of every other request, whole: Node's own limit, which holds for all requests of a server alike. */
const USUAL_SECONDS = 300;
/** For a sender who has been answered before the end of the file. */
const AFTER_ANSWER_SECONDS = 30;

const UPLOAD = /^\/api\/v1\/meters\/[^/?]+\/uploads(\?|$)/;

export interface ArrivalLimits {
  usualSeconds: number;
  uploadSeconds: number;
  afterAnswerSeconds: number;
}

/**
 * Gives a file that somebody uploads longer to arrive than Node gives any request. The server's limit is raised, and what it was
 * is kept here for everything else. Called once, when the server starts; returns how to end it.
 */
export function allowSlowUploads(
  limits: ArrivalLimits = {
    usualSeconds: USUAL_SECONDS,
    uploadSeconds: LONGEST_UPLOAD_SECONDS,
    afterAnswerSeconds: AFTER_ANSWER_SECONDS,
  },
): () => void {
  const onStart = (message: unknown) => {
    const { request, response, server } = message as {
      request: IncomingMessage;
      response: ServerResponse;
      server: Server;
    };
    server.requestTimeout = limits.uploadSeconds * 1000;
    const hasBody =
      request.headers["content-length"] !== undefined || request.headers["transfer-encoding"] !== undefined;
    if (!hasBody) return;
    const breakOff = () => {
      if (!request.complete) request.socket.destroy();
    };
    const after = (seconds: number) => setTimeout(breakOff, seconds * 1000).unref();
    const isUpload = request.method === "POST" && UPLOAD.test(request.url ?? "");
    const timer = after(isUpload ? limits.uploadSeconds : limits.usualSeconds);
    // Of the response, which is this request's alone: the connection serves others after it.
    response.once("close", () => {
      clearTimeout(timer);
      if (!request.complete && !request.socket.destroyed) after(limits.afterAnswerSeconds);
    });
  };
  subscribe("http.server.request.start", onStart);
  return () => unsubscribe("http.server.request.start", onStart);
}
