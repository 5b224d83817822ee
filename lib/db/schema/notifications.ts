import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { MessageContent } from "../../notifications/messages/content";
import { createdAt, id, instant, updatedAt } from "./columns";

export const channelKinds = ["webhook", "slack", "email"] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** Where messages go. */
export const notificationChannels = pgTable("notification_channels", {
  id: id(),
  name: text("name").notNull(),
  kind: text("kind").$type<ChannelKind>().notNull(),
  /** Address and signing secret, sealed by `lib/secrets`; never read back to a screen. */
  target: text("target").notNull(),
  /** Id of the key that sealed it. */
  targetKeyId: text("target_key_id").notNull(),
  /** Where it leads, recognisable without being usable: a host, or the first recipients. */
  targetHint: text("target_hint").notNull(),
  /** Kinds of incident it is told of. */
  kinds: text("kinds").array().notNull(),
  sendsHealed: boolean("sends_healed").notNull().default(true),
  isPaused: boolean("is_paused").notNull().default(false),
  createdBy: text("created_by").notNull(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});

/** One trouble of one subject, from when until when: one open row a subject and kind. */
export const incidents = pgTable(
  "incidents",
  {
    id: id(),
    /** A kind of `lib/notifications/incidents/kinds`. */
    kind: text("kind").notNull(),
    /** Of the meter, source account or record that it is about; `subject_name` as it was last seen. */
    subjectId: text("subject_id").notNull(),
    subjectName: text("subject_name").notNull(),
    meterId: uuid("meter_id"),
    /** Since when it is so, which may be before it was noticed. */
    openedAt: instant("opened_at").notNull(),
    detectedAt: instant("detected_at").notNull(),
    /** Raised every few minutes while it is open. */
    lastSeenAt: instant("last_seen_at").notNull(),
    /** How much of it, such as failed tasks. */
    weight: integer("weight").notNull(),
    /** The newest piece of it, such as the last failure; null where it has no pieces. */
    newestAt: instant("newest_at"),
    /** When a newer piece was noticed. */
    worsenedAt: instant("worsened_at"),
    closedAt: instant("closed_at"),
    /** `ended`: no longer asked for (paused, archived, cancelled), which is no good news. */
    outcome: text("outcome").$type<"healed" | "ended">(),
  },
  (table) => [
    uniqueIndex("incidents_open_key").on(table.kind, table.subjectId).where(sql`${table.closedAt} is null`),
    index("incidents_subject_idx").on(table.kind, table.subjectId, table.detectedAt),
    index("incidents_meter_idx").on(table.meterId, table.openedAt),
  ],
);

export const messageStates = ["pending", "delivered", "failed"] as const;

/** One message to one channel, recorded before it is sent. Its id is the delivery id that receivers see. */
export const notifications = pgTable(
  "notifications",
  {
    id: id(),
    channelId: uuid("channel_id")
      .notNull()
      .references(() => notificationChannels.id, { onDelete: "cascade" }),
    type: text("type").$type<MessageContent["type"]>().notNull(),
    title: text("title").notNull(),
    content: jsonb("content").$type<MessageContent>().notNull(),
    state: text("state").$type<(typeof messageStates)[number]>().notNull().default("pending"),
    attemptCount: integer("attempt_count").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at"),
    /** No further attempt is planned for later than this. */
    giveUpAt: instant("give_up_at").notNull(),
    /** Somebody sends it until then; past it, the sender died. */
    claimedUntil: instant("claimed_until"),
    deliveredAt: instant("delivered_at"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    index("notifications_channel_idx").on(table.channelId, table.createdAt),
    index("notifications_pending_idx").on(table.nextAttemptAt).where(sql`${table.state} = 'pending'`),
  ],
);

export const attemptOutcomes = ["delivered", "refused", "unreachable", "unknown"] as const;

/** One try to deliver a message. `outcome` is null while it is under way. */
export const deliveryAttempts = pgTable(
  "delivery_attempts",
  {
    notificationId: uuid("notification_id")
      .notNull()
      .references(() => notifications.id, { onDelete: "cascade" }),
    number: integer("number").notNull(),
    startedAt: instant("started_at").notNull(),
    durationMs: integer("duration_ms"),
    outcome: text("outcome").$type<(typeof attemptOutcomes)[number]>(),
    /** HTTP status, or the SMTP server's code. */
    status: integer("status"),
    /** What happened, in a sentence. */
    message: text("message"),
    /** Beginning of the receiver's answer, without secrets. */
    answer: text("answer"),
  },
  (table) => [primaryKey({ name: "delivery_attempts_pkey", columns: [table.notificationId, table.number] })],
);

/** What a channel was told last of a subject: the next message says only what is different now. */
export const announcements = pgTable(
  "announcements",
  {
    channelId: uuid("channel_id")
      .notNull()
      .references(() => notificationChannels.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    subjectId: text("subject_id").notNull(),
    isOpen: boolean("is_open").notNull(),
    announcedAt: instant("announced_at").notNull(),
    /** It came back soon after the message before: its healing waits, too. */
    isFlapping: boolean("is_flapping").notNull().default(false),
  },
  (table) => [primaryKey({ name: "announcements_pkey", columns: [table.channelId, table.kind, table.subjectId] })],
);
