"""The tables of `state.sqlite` that alerts are kept in."""

from __future__ import annotations

ALERT_TABLES = """
-- One row per cause that was ever seen. `episode` counts how often it came back; `cause` is what is
-- known of it, as JSON.
create table if not exists alerts (
    alert_key text primary key,
    episode integer not null,
    state text not null
        check (state in ('waiting', 'open', 'acknowledged', 'paused', 'resolved')),
    since text not null,
    ended_at text,
    acknowledged_at text,
    acknowledged_parts text,
    note text,
    paused_until text,
    cause text not null
);

-- Who was told of an episode, when first and last, of which parts of it, and by which notice first.
create table if not exists alert_tellings (
    alert_key text not null,
    episode integer not null,
    recipient text not null,
    first_at text not null,
    last_at text not null,
    parts text not null,
    first_notice text not null,
    is_over integer not null default 0,
    primary key (alert_key, episode, recipient)
);

-- What is told to one recipient by one way. `content` is the message with what it tells of; `day`
-- is London's.
create table if not exists notices (
    notice_id text primary key,
    recipient text not null,
    channel text not null,
    is_urgent integer not null,
    day text not null,
    content text not null,
    status text not null check (status in ('queued', 'sending', 'sent', 'undeliverable')),
    attempts integer not null default 0,
    made_at text not null,
    next_try_at text not null,
    sent_at text,
    last_problem text
);
create unique index if not exists one_digest_a_day
on notices (recipient, channel, day) where is_urgent = 0;
"""
