import nodemailer from "nodemailer";

export interface Mail {
  to: string[];
  subject: string;
  text: string;
  /** The same for each attempt at one message, so that mailboxes can tell a repetition. */
  messageId: string;
}

/** Answers the server's last line. Throws what nodemailer throws. */
export type SendMail = (mail: Mail) => Promise<string>;

const TIMEOUT = 10_000;

/** A connection for each message: they are few. Files and addresses named in a message are not read. */
export function createMailer({ url, from }: { url: string; from: string }): SendMail {
  const transport = nodemailer.createTransport(
    {
      url,
      connectionTimeout: TIMEOUT,
      greetingTimeout: TIMEOUT,
      socketTimeout: TIMEOUT,
      dnsTimeout: TIMEOUT,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return async ({ to, messageId, ...mail }) => {
    const { response } = await transport.sendMail({
      ...mail,
      to,
      messageId,
      headers: { "Auto-Submitted": "auto-generated" },
    });
    return response;
  };
}
