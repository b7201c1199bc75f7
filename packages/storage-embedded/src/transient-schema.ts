/**
 * What lives shortly and is written often. The tables keep their wide rows in the order of insertion: an insert then writes the end of the table and
 * of the index by expiry, and one page of the primary key.
 */
export const transientMigrations: readonly string[] = [
  `
  create table sessions (
    tenant_id text not null,
    hash text not null,
    public_id text not null,
    user_id text not null,
    auth_time integer not null,
    amr text not null,
    expires_at integer not null,
    primary key (tenant_id, hash)
  ) strict;

  create index sessions_by_user on sessions (tenant_id, user_id);
  create index sessions_by_expiry on sessions (expires_at);

  create table interactions (
    tenant_id text not null,
    id text not null,
    secret_hash text not null,
    request text,
    session_hash text,
    expires_at integer not null,
    primary key (tenant_id, id)
  ) strict;

  create index interactions_by_expiry on interactions (expires_at);

  create table codes (
    tenant_id text not null,
    hash text not null,
    client_id text not null,
    user_id text not null,
    collection text not null,
    grant_id text not null,
    redirect_uri text not null,
    code_challenge text,
    scopes text not null,
    requested_scopes text not null,
    custom_claims text not null,
    nonce text,
    auth_time integer not null,
    amr text not null,
    session_public_id text not null,
    epoch integer not null,
    expires_at integer not null,
    consumed_at integer,
    forgotten_at integer not null,
    primary key (tenant_id, hash)
  ) strict;

  create index codes_by_expiry on codes (forgotten_at);

  create table grants (
    tenant_id text not null,
    id text not null,
    client_id text not null,
    user_id text not null,
    scopes text not null,
    custom_claims text not null,
    auth_time integer not null,
    amr text not null,
    session_public_id text not null,
    epoch integer not null,
    created_at integer not null,
    expires_at integer not null,
    refresh_family text,
    refresh_current text,
    refresh_expires_at integer,
    refresh_previous text,
    refresh_rotated_at integer,
    refresh_successor text,
    sweep_at integer not null,
    primary key (tenant_id, id)
  ) strict;

  create index grants_by_expiry on grants (sweep_at);

  create table revoked_grants (
    tenant_id text not null,
    id text not null,
    forgotten_at integer not null,
    primary key (tenant_id, id)
  ) strict, without rowid;

  create index revoked_grants_by_expiry on revoked_grants (forgotten_at);

  create table access_tokens (
    tenant_id text not null,
    hash text not null,
    client_id text not null,
    scopes text not null,
    grant_id text,
    user_id text,
    issued_at integer not null,
    expires_at integer not null,
    primary key (tenant_id, hash)
  ) strict;

  create index access_tokens_by_expiry on access_tokens (expires_at);
  `,
  `
  create table rate_limits (
    bucket text not null primary key,
    used real not null,
    at integer not null,
    expires_at integer not null
  ) strict;

  create index rate_limits_by_expiry on rate_limits (expires_at);
  `,
  `
  create table revoked_access_tokens (
    tenant_id text not null,
    id text not null,
    expires_at integer not null,
    primary key (tenant_id, id)
  ) strict;

  create index revoked_access_tokens_by_expiry on revoked_access_tokens (expires_at);

  alter table grants add column revoked_tokens text;
  `,
  `
  create table ended_sessions (
    tenant_id text not null,
    id text not null,
    forgotten_at integer not null,
    primary key (tenant_id, id)
  ) strict, without rowid;

  create index ended_sessions_by_expiry on ended_sessions (forgotten_at);
  `,
  `
  alter table codes add column requested_claims text;
  alter table grants add column requested_claims text;
  alter table interactions add column account_choice text;
  `,
  `
  create table replays (
    tenant_id text not null,
    hash text not null,
    forgotten_at integer not null,
    primary key (tenant_id, hash)
  ) strict;

  create index replays_by_expiry on replays (forgotten_at);
  `,
  `
  create table refusals (
    tenant_id text not null,
    place integer not null,
    id text not null,
    refusal text not null,
    expires_at integer not null,
    primary key (tenant_id, place)
  ) strict;

  create index refusals_by_id on refusals (tenant_id, id);
  create index refusals_by_expiry on refusals (expires_at);

  create table refusal_counts (
    tenant_id text not null primary key,
    recorded integer not null
  ) strict, without rowid;
  `,
  `
  alter table access_tokens add column certificate_thumbprint text;
  `,
  `
  create table session_clients (
    tenant_id text not null,
    session_public_id text not null,
    client_id text not null,
    number integer not null,
    expires_at integer not null,
    primary key (tenant_id, session_public_id, client_id)
  ) strict;

  create index session_clients_by_expiry on session_clients (expires_at);
  `,
  // Those that were there before are of one kind, and the first to go.
  `
  alter table refusals add column kind text not null default '';
  alter table refusals add column client_id text not null default '';
  `,
];
