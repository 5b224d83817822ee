import type { Worker } from "../../pipeline/worker";
import { openTarget, type Target } from "../channels/target";
import type { MessageContent } from "../messages/content";
import { mailText, slackBody, webhookBody } from "../messages/render";
import type { AttemptResult } from "./attempt-result";
import type { SendMail } from "./mail";
import { post } from "./post";
import { signatureOf } from "./sign";

export interface Message {
  id: string;
  createdAt: Date;
  content: MessageContent;
  channel: { id: string; target: string };
}

export type Sender = Pick<Worker, "db" | "secrets" | "fetch" | "mail" | "now" | "log">;

const SHOWN = 300;

/** One try. Never throws; what is told of it has none of the channel's secrets. */
export async function send(worker: Sender, message: Message): Promise<AttemptResult> {
  let target: Target;
  try {
    target = openTarget(worker.secrets, message.channel);
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    return { outcome: "unreachable", message: `The channel's address cannot be read. ${reason}`, isFinal: true };
  }
  const result = await sendTo(worker, target, message);
  const clean = (text: string | undefined) => text && withoutSecrets(text, target);
  return { ...result, message: withoutSecrets(result.message, target), answer: clean(result.answer) };
}

function sendTo(worker: Sender, target: Target, { id, createdAt, content }: Message): Promise<AttemptResult> {
  const now = worker.now();
  switch (target.kind) {
    case "webhook": {
      const body = webhookBody(id, createdAt, content);
      const headers = {
        "x-meterproof-delivery": id,
        "x-meterproof-signature": signatureOf(body, target.secret, now),
      };
      return post(worker.fetch, { url: target.url, headers, body, now });
    }
    case "slack":
      return post(worker.fetch, { url: target.url, headers: {}, body: slackBody(content), now });
    case "email":
      return mail(worker.mail, {
        to: target.recipients,
        subject: `Meterproof: ${content.title}`,
        text: mailText(content),
        messageId: `<${id}@meterproof>`,
      });
  }
}

async function mail(sendMail: SendMail | undefined, message: Parameters<SendMail>[0]): Promise<AttemptResult> {
  if (!sendMail) {
    return {
      outcome: "unreachable",
      message: "E-mail is not set up: set SMTP_URL and SMTP_FROM, and start Meterproof again.",
    };
  }
  try {
    const answer = await sendMail(message);
    return { outcome: "delivered", status: statusOf(answer), message: "The mail server took it.", answer };
  } catch (error) {
    return failureOf(error);
  }
}

/** By nodemailer's codes and the server's own line; its messages may repeat what was sent. */
function failureOf(error: unknown): AttemptResult {
  const { code, responseCode, response } = (error ?? {}) as { code?: string; responseCode?: number; response?: string };
  if (responseCode) {
    const sentence = code === "EAUTH" ? "The mail server refused the sign-in" : "The mail server refused it";
    return {
      outcome: "refused",
      status: responseCode,
      message: `${sentence} (${responseCode}).`,
      // The answer to a sign-in may repeat it.
      answer: code === "EAUTH" ? undefined : response,
    };
  }
  const isSent = code === "ETIMEDOUT" || code === "ECONNECTION" || code === "ESOCKET";
  const words = reasons[code ?? ""] ?? "the connection failed";
  return isSent && !isConnectFailure(error)
    ? { outcome: "unknown", message: `The mail server gave no answer, ${words}: it may have arrived.` }
    : { outcome: "unreachable", message: `The mail server cannot be reached: ${words}.` };
}

const reasons: Record<string, string> = {
  ETIMEDOUT: "the connection timed out",
  ECONNECTION: "the connection was closed",
  ESOCKET: "the connection failed",
  EDNS: "its name is unknown",
  ETLS: "its certificate or encryption was not accepted",
  EAUTH: "the sign-in was refused",
};

function isConnectFailure(error: unknown): boolean {
  const { command, syscall } = (error ?? {}) as { command?: string; syscall?: string };
  return command === "CONN" || syscall === "connect" || syscall === "getaddrinfo";
}

function statusOf(answer: string): number | undefined {
  const code = Number(answer.slice(0, 3));
  return Number.isInteger(code) && code > 0 ? code : undefined;
}

/** One line, without the signing secret and without the parts of the address that let others post there. */
function withoutSecrets(text: string, target: Target): string {
  const secrets: string[] = [];
  if (target.kind === "webhook") secrets.push(target.secret);
  if (target.kind !== "email") {
    const { pathname, search } = new URL(target.url);
    const parts = [...pathname.split("/"), ...new URL(target.url).searchParams.values()];
    secrets.push(target.url, pathname + search, pathname, search, ...parts.filter(({ length }) => length >= 12));
  }
  let clean = text;
  for (const secret of secrets.filter(({ length }) => length > 4)) clean = clean.replaceAll(secret, "[removed]");
  // Control characters, NUL among them, are of no use on a page and NUL is refused by the database.
  return clean
    .replace(/[\p{Cc}\p{Surrogate}\s]+/gu, " ")
    .trim()
    .slice(0, SHOWN);
}
