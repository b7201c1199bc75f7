/** What must survive a power failure: tenants, clients, users, consents and keys. */
export const durableMigrations: readonly string[] = [
  `
  create table administration (
    id integer primary key check (id = 1),
    token_hash text not null
  ) strict;

  create table tenants (
    id text not null primary key,
    name text not null unique,
    settings text not null,
    branding text not null,
    registration_token_hash text not null,
    registration_token text not null,
    created_at integer not null,
    version integer not null
  ) strict;

  create table clients (
    tenant_id text not null,
    id text not null,
    metadata text not null,
    secret_hash text,
    secret text,
    secret_expires_at integer,
    created_at integer not null,
    updated_at integer not null,
    version integer not null,
    primary key (tenant_id, id)
  ) strict;

  create table users (
    tenant_id text not null,
    id text not null,
    collection text not null,
    username text not null,
    email text,
    email_verified integer not null,
    identifiers text not null,
    claims text not null,
    roles text not null,
    attributes text not null,
    blocked integer not null,
    epoch integer not null,
    password_hash text,
    created_at integer not null,
    updated_at integer not null,
    version integer not null,
    primary key (tenant_id, id)
  ) strict;

  create table user_identifiers (
    tenant_id text not null,
    collection text not null,
    identifier text not null,
    user_id text not null,
    primary key (tenant_id, collection, identifier)
  ) strict, without rowid;

  create index user_identifiers_by_user on user_identifiers (tenant_id, user_id);

  create table consents (
    tenant_id text not null,
    user_id text not null,
    client_id text not null,
    scope text not null,
    allowed_at integer not null,
    primary key (tenant_id, user_id, client_id, scope)
  ) strict, without rowid;

  create index consents_by_client on consents (tenant_id, client_id);

  create table data_keys (
    service text not null,
    tenant_id text not null,
    wrapped_key text not null,
    primary key (service, tenant_id)
  ) strict, without rowid;

  create table signing_keys (
    tenant_id text not null,
    id text not null,
    algorithm text not null,
    private_key text not null,
    public_jwk text not null,
    created_at integer not null,
    primary key (tenant_id, id)
  ) strict;

  create unique index signing_keys_by_algorithm on signing_keys (tenant_id, algorithm);
  `,
  `
  create table deleted_tenants (
    id text not null primary key,
    name text not null,
    deleted_at integer not null,
    position text not null unique,
    finished integer not null
  ) strict;

  create index deleted_tenants_by_deletion on deleted_tenants (deleted_at);
  `,
  // A tenant's keys of one algorithm are one row from here on, since they are changed in one step.
  `
  create table key_rings (
    tenant_id text not null,
    algorithm text not null,
    keys text not null,
    version integer not null,
    changed_at integer not null,
    primary key (tenant_id, algorithm)
  ) strict, without rowid;

  create index key_rings_by_change on key_rings (changed_at);

  insert into key_rings (tenant_id, algorithm, keys, version, changed_at)
    select tenant_id, algorithm, json_array(json_object('id', id, 'privateKey', private_key, 'publicJwk', public_jwk,
      'createdAt', created_at, 'activatesAt', created_at)), 1, created_at from signing_keys;

  drop table signing_keys;
  `,
  `
  alter table clients add column registration text;
  alter table clients add column live_until integer;
  create index clients_by_life on clients (tenant_id, live_until) where live_until is not null;

  create table initial_access_tokens (
    tenant_id text not null,
    id text not null,
    hash text not null,
    label text not null,
    maximum_uses integer not null,
    uses integer not null,
    created_at integer not null,
    expires_at integer not null,
    primary key (tenant_id, id)
  ) strict, without rowid;

  create index initial_access_tokens_by_expiry on initial_access_tokens (expires_at);
  `,
  `
  create table subject_secrets (
    tenant_id text not null primary key,
    secret text not null
  ) strict, without rowid;
  `,
  `
  create table sign_out_tasks (
    tenant_id text not null,
    tenant_name text not null,
    session_public_id text not null,
    user_id text not null,
    client_id text not null,
    created_at integer not null,
    attempts integer not null,
    due_at integer not null,
    primary key (tenant_id, session_public_id, client_id)
  ) strict;

  create index sign_out_tasks_by_due on sign_out_tasks (due_at);
  `,
  // What is claimed, and what a tenant has too much of, is found without a look at what is passed over.
  `
  drop index sign_out_tasks_by_due;
  create index sign_out_tasks_by_due on sign_out_tasks (due_at, client_id, tenant_id);
  create index sign_out_tasks_by_age on sign_out_tasks (tenant_id, created_at) where client_id <> '';
  `,
];
