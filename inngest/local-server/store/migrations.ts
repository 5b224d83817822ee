/**
 * The state of the server, in order of history. Append only: a released entry is never edited, because databases
 * remember which entries they have had by name. JSON is kept as text: the server never looks inside it with SQL, and
 * `jsonb` would refuse `\u0000` and change numbers.
 */
export const migrations: readonly { name: string; sql: string }[] = [
  {
    name: "0001-initial",
    sql: `
      create table app (
        id text primary key,
        url text not null,
        sdk text not null,
        checksum text not null,
        synced_at timestamptz not null default now()
      );

      create table function (
        id text primary key,
        app_id text not null references app,
        config text not null,
        archived_at timestamptz
      );

      create table event (
        id text primary key,
        name text not null,
        body text not null,
        received_at timestamptz not null default now(),
        routed_at timestamptz
      );
      create index event_unrouted on event (id) where routed_at is null;
      create index event_received on event (received_at);

      create table event_key (
        key text primary key,
        event_id text not null,
        expires_at timestamptz not null
      );
      create index event_key_expiry on event_key (expires_at);

      create table idempotency_key (
        key text primary key,
        expires_at timestamptz not null
      );

      create table run (
        id text primary key,
        function_id text not null,
        event_id text not null references event,
        status text not null default 'queued'
          check (status in ('queued', 'running', 'completed', 'failed', 'cancelled')),
        queued_at timestamptz not null default now(),
        started_at timestamptz,
        ended_at timestamptz,
        output text,
        plan_only boolean not null default false,
        sort_at timestamptz not null,
        concurrency_keys text[] not null,
        throttle_key text,
        singleton_key text,
        parent_run_id text,
        parent_step_id text,
        check ((ended_at is null) = (status in ('queued', 'running')))
      );
      create index run_event on run (event_id);
      create index run_ended on run (ended_at) where ended_at is not null;
      create unique index run_singleton on run (singleton_key) where ended_at is null;

      create table step (
        run_id text not null references run on delete cascade,
        id text not null,
        seq bigint generated always as identity,
        name text,
        result text not null,
        primary key (run_id, id)
      );

      create table job (
        id bigint generated always as identity primary key,
        run_id text not null references run on delete cascade,
        function_id text not null,
        step_id text not null,
        attempt integer not null default 0,
        run_at timestamptz not null default now(),
        sort_at timestamptz not null,
        concurrency_keys text[] not null,
        throttle_key text,
        lease_owner text,
        lease_until timestamptz,
        check ((lease_owner is null) = (lease_until is null))
      );
      create index job_run on job (run_id);
      create index job_waiting on job (sort_at, id) where lease_owner is null;
      create index job_run_at on job (run_at) where lease_owner is null;
      create index job_leased on job (lease_until) where lease_owner is not null;

      create table wait (
        id bigint generated always as identity primary key,
        run_id text not null references run on delete cascade,
        kind text not null check (kind in ('sleep', 'event', 'invoke', 'cancel')),
        step_id text,
        step_name text,
        event_name text,
        expression text,
        expires_at timestamptz
      );
      create index wait_run on wait (run_id);
      create index wait_event on wait (event_name) where event_name is not null;
      create index wait_expiry on wait (expires_at) where expires_at is not null;

      create table throttle (
        key text primary key,
        full_at timestamptz not null,
        next_at timestamptz not null
      );

      create table cron (
        function_id text not null references function on delete cascade,
        expression text not null,
        next_at timestamptz not null,
        primary key (function_id, expression)
      );
      create index cron_next on cron (next_at);
    `,
  },
];
