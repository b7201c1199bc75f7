import type { Clock, SigningAlgorithm, TenantId } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { KeyRingChange, SigningKeyStore, StoredSigningKey } from "@signet/storage";
import type { JwsType, SigningKey, VerificationKey } from "../signing/signing-key.ts";
import { KnownKeys } from "./known-keys.ts";
import { makeKey, openKey } from "./make-key.ts";
import { SharedRuns } from "./shared-runs.ts";

export interface KeyRingDependencies {
  readonly store: SigningKeyStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Milliseconds since some moment; never goes back. */
  readonly elapsed: () => number;
  /** By `elapsed`, up to when every change that other processes made was heard of. */
  readonly heardAt: () => number;
}

/** Without news of what other processes changed, keys that were read are used for so long: a minute, as a tenant and its clients are. */
const unheardAgeMilliseconds = 60_000;

/** The keys of one tenant, each loaded or made once, however many ask for it at the same time. What failed is tried again by the next who asks. */
export class KeyRing {
  readonly #tenant: TenantId;
  readonly #dependencies: KeyRingDependencies;
  readonly #reading: SharedRuns<KnownKeys>;
  readonly #opened = new Map<string, Promise<SigningKey>>();
  readonly #establishing = new Map<SigningAlgorithm, Promise<SigningKey>>();
  #known: KnownKeys | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  /** How many changes were heard of, and how many of them had been when the keys were read. */
  #changes = 0;
  #changesRead = 0;

  constructor(tenant: TenantId, dependencies: KeyRingDependencies) {
    this.#tenant = tenant;
    this.#dependencies = dependencies;
    this.#reading = new SharedRuns(() => this.#read());
  }

  signingKey(algorithm: SigningAlgorithm): Promise<SigningKey> {
    const current = this.#usable()?.current(algorithm, this.#dependencies.clock());
    return current === undefined ? this.#readOrEstablished(algorithm) : this.#open(current);
  }

  async verificationKey(header: string, type: JwsType): Promise<VerificationKey | undefined> {
    const known = this.#usable() ?? (await this.#reading.run());
    const { clock } = this.#dependencies;
    const found = known.published(clock()).findByHeader(header) ?? (await this.latest()).published(clock()).findByHeader(header);
    return found?.type === type ? found.key : undefined;
  }

  /** The keys that there are now, whichever process made them. */
  async latest(): Promise<KnownKeys> {
    const isAlone = this.#dependencies.heardAt() === Number.POSITIVE_INFINITY;
    return (isAlone ? this.#usable() : undefined) ?? (await this.#reading.run());
  }

  /** Another process, or this one, changed a ring: unless it is known as it is now, it is read before it is used again. */
  heardOf({ algorithm, version }: KeyRingChange): void {
    if (this.#known?.isAt(algorithm, version) !== true) this.#changes++;
  }

  /** Reads what was changed here. */
  async refresh(): Promise<void> {
    this.#changes++;
    await this.#reading.run();
  }

  #usable(): KnownKeys | undefined {
    if (this.#changesRead !== this.#changes) return undefined;
    const { elapsed, heardAt } = this.#dependencies;
    const isHeld = elapsed() - Math.max(this.#readAt, heardAt()) <= unheardAgeMilliseconds;
    return isHeld ? this.#known : undefined;
  }

  #readOrEstablished(algorithm: SigningAlgorithm): Promise<SigningKey> {
    const underWay = this.#establishing.get(algorithm);
    if (underWay !== undefined) return underWay;
    const establishing = this.#establish(algorithm).finally(() => this.#establishing.delete(algorithm));
    this.#establishing.set(algorithm, establishing);
    return establishing;
  }

  /** Published before it is used: what is read after it was made has it. */
  async #establish(algorithm: SigningAlgorithm): Promise<SigningKey> {
    const { store, clock } = this.#dependencies;
    const present = (await this.#reading.run()).current(algorithm, clock());
    if (present !== undefined) return this.#open(present);
    const now = clock();
    const made = await makeKey(this.#tenant, algorithm, { ...this.#dependencies, now });
    await store.establish({ tenantId: this.#tenant, algorithm, keys: [made], version: 1, changedAt: now });
    const established = (await this.#reading.run()).current(algorithm, clock());
    if (established === undefined) throw new Error("the tenant's keys were deleted as one was made");
    return this.#open(established);
  }

  #open(stored: StoredSigningKey): Promise<SigningKey> {
    const opened = this.#opened.get(stored.id);
    if (opened !== undefined) return opened;
    const opening = openKey(this.#tenant, stored, this.#dependencies.sealer);
    this.#opened.set(stored.id, opening);
    opening.catch(() => this.#opened.delete(stored.id));
    return opening;
  }

  async #read(): Promise<KnownKeys> {
    const { store, elapsed } = this.#dependencies;
    const [changes, readAt] = [this.#changes, elapsed()];
    const stored = await store.list(this.#tenant);
    const known = this.#known?.isOf(stored) === true ? this.#known : new KnownKeys(stored);
    for (const id of this.#opened.keys()) if (!known.has(id)) this.#opened.delete(id);
    [this.#known, this.#changesRead, this.#readAt] = [known, changes, readAt];
    return known;
  }
}
