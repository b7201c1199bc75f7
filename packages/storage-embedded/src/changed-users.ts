import { type Instant, instant, later, type TenantId, type UserId } from "@signet/protocol";

/** A change is written a moment after its note, and ends codes that were issued until then: so much longer is it kept. */
const writingMilliseconds = 60_000;
/** How many users are told apart. Beyond that many changes within a code's lifetime everybody counts as changed until it is over. */
const capacity = 10_000;

/**
 * The notes of changed users, in memory: one process owns the database, and each change of a user, and each code that is redeemed, goes through it. What
 * an earlier process noted is lost with it, so codes that it saved have to count as their users had changed.
 */
export class ChangedUsers {
  readonly #until = new Map<string, Instant>();
  /** When the last of all notes ends. */
  #lastUntil = instant(0);
  #everybodyUntil = instant(0);

  note(tenant: TenantId, user: UserId, codesUntil: Instant): void {
    const key = `${tenant} ${user}`;
    const until = later(codesUntil, writingMilliseconds);
    const noted = this.#until.get(key);
    if (noted !== undefined && noted >= until) return;
    if (until > this.#lastUntil) this.#lastUntil = until;
    // Behind all others, so that the first is about the one that ends first, or not long after it.
    this.#until.delete(key);
    this.#until.set(key, until);
    if (this.#until.size <= capacity) return;
    this.#everybodyUntil = this.#lastUntil;
    this.#until.clear();
  }

  /** Forgets on the way the notes that have ended. */
  mayHaveChanged(tenant: TenantId, user: UserId, now: Instant): boolean {
    if (now < this.#everybodyUntil) return true;
    if (this.#until.size === 0) return false;
    for (const [key, until] of this.#until) {
      if (until > now) break;
      this.#until.delete(key);
    }
    return this.#until.has(`${tenant} ${user}`);
  }
}
