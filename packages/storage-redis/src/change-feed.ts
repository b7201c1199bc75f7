import { randomBytes } from "node:crypto";
import type { Change, ChangeFeed, FeedEvent, FeedPosition } from "@signet/storage";
import { unavailable, within } from "@signet/storage/adapter";
import type { Redis } from "ioredis";
import { changeOf } from "./change.ts";
import { storeError } from "./errors.ts";
import { replyTexts } from "./record.ts";
import type { RedisConnection } from "./redis-connection.ts";

export interface ChangeFeedOptions {
  readonly prefix: string;
  readonly deadlineMilliseconds: number;
  readonly maximumSubscriptions: number;
  /** Ends all subscriptions. */
  readonly closing: AbortSignal;
}

/** How many changes are remembered, about: Redis drops them by whole nodes of a hundred. */
const capacity = 1024;
/** How many changes are read in one step. */
const batch = 100;
/**
 * How long a read waits for changes. Whether Redis is still there, and the feed still the same, shows this often at the latest, and is told: whoever
 * must not go on for a second with what has changed has to hear several times a second that nothing has.
 */
const quietMilliseconds = 250;

/**
 * Two keys with one hash tag: a hash with the feed's random name and the number of its last change, and a stream whose ids are those numbers. A feed
 * that is not there gets a new name.
 */
const headLua = `
  local function nameOfFeed(candidate)
    local name = redis.call('HGET', KEYS[1], 'name')
    if name then return name end
    redis.call('HSET', KEYS[1], 'name', candidate)
    redis.call('DEL', KEYS[2])
    return candidate
  end
`;

/** Arguments: a name for a new feed, the change, the capacity. */
const publishLua = `
  ${headLua}
  local name = nameOfFeed(ARGV[1])
  local number = redis.call('HINCRBY', KEYS[1], 'last', 1)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], string.format('%.0f-0', number), 'feed', name, 'change', ARGV[2])
`;

/** Gives the feed's name, the number of its last change, and the id of the first one that it remembers. Argument: a name for a new feed. */
const lookLua = `
  ${headLua}
  local name = nameOfFeed(ARGV[1])
  local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
  return {name, redis.call('HGET', KEYS[1], 'last') or '0', first and first[1] or false}
`;

/** A feed at a moment. */
interface Feed {
  readonly name: string;
  /** The numbers of the first change remembered, which is yet to come in an empty feed, and of the last one. */
  readonly first: number;
  readonly last: number;
}

interface Entry {
  readonly number: number;
  /** The name of its feed. */
  readonly feed: string;
  readonly change: Change;
}

/**
 * A feed in a capped stream. Changes are numbered without gaps, so that whoever reads sees by the numbers alone whether something is missing.
 *
 * A position is the name of the feed, the beginning of the server's run id, and a number. A Redis that was emptied has another feed; one that was started
 * again, or took another's place, may have lost the last changes and given their numbers to others, and has another run id. Neither is resumed from.
 *
 * A subscription whose connection breaks, or whose Redis stands still, fails as unavailable: whoever relies on it must know.
 */
export function redisChangeFeed(
  connection: RedisConnection,
  { prefix, deadlineMilliseconds, maximumSubscriptions, closing }: ChangeFeedOptions,
): ChangeFeed {
  const headKey = `${prefix}:{changes}`;
  const streamKey = `${headKey}:stream`;
  const publish = connection.script(publishLua, 2);
  let subscriptions = 0;

  async function look(client: Redis): Promise<Feed> {
    const looking = client.eval(lookLua, 2, headKey, streamKey, newName());
    const [name, last, first] = replyTexts(await within(deadlineMilliseconds, looking));
    if (name === undefined || last === undefined) throw new Error("what Redis answered is no feed");
    return { name, last: Number(last), first: first === undefined ? Number(last) + 1 : numberOf(first) };
  }

  async function read(client: Redis, after: number): Promise<readonly Entry[]> {
    const reading = client.xread("COUNT", batch, "BLOCK", quietMilliseconds, "STREAMS", streamKey, `${after}-0`);
    const streams = await within(quietMilliseconds + deadlineMilliseconds, reading);
    return (streams ?? []).flatMap(([, entries]) => entries.map(([id, members]) => entryOf(id, members)));
  }

  async function* eventsOn(
    client: Redis,
    position: FeedPosition | undefined,
    ended: AbortSignal,
  ): AsyncGenerator<FeedEvent, void> {
    const run = runOf(await within(deadlineMilliseconds, client.info("server")));
    let feed = await look(client);
    const resumedAt = position === undefined ? undefined : resumableNumber(position, feed, run);
    let at = resumedAt ?? feed.last;
    yield { kind: "ready", position: positionAt(feed, run, at), resumed: resumedAt !== undefined };
    yield quietAt(feed, run, at);
    while (!ended.aborted) {
      const entries = await read(client, at);
      let isWhole = entries.length > 0 || isUpToDate(at, feed, await look(client));
      for (const { number, feed: name, change } of entries) {
        isWhole = number === at + 1 && name === feed.name;
        if (!isWhole || ended.aborted) break;
        at = number;
        yield { kind: "changed", position: positionAt(feed, run, at), change };
      }
      if (ended.aborted) return;
      if (isWhole) {
        if (entries.length === 0) yield quietAt(feed, run, at);
        continue;
      }
      feed = await look(client);
      at = feed.last;
      yield { kind: "ready", position: positionAt(feed, run, at), resumed: false };
    }
  }

  return {
    async publish(change) {
      await publish(headKey, streamKey, newName(), JSON.stringify(change), capacity);
    },
    async *subscribe(position, signal) {
      if (signal.aborted) return;
      if (subscriptions >= maximumSubscriptions) throw unavailable("there are too many subscriptions to changes");
      subscriptions += 1;
      const finished = new AbortController();
      try {
        const client = await connection.connectAnother(AbortSignal.any([signal, closing, finished.signal]));
        yield* eventsOn(client, position, signal);
      } catch (error) {
        if (!signal.aborted) throw storeError(error);
      } finally {
        subscriptions -= 1;
        finished.abort();
      }
    },
  };
}

/** Whether a reader who found nothing after `at` has missed nothing: a change may have come since. */
function isUpToDate(at: number, feed: Feed, now: Feed): boolean {
  return now.name === feed.name && now.last >= at && now.first <= at + 1;
}

function newName(): string {
  return randomBytes(8).toString("hex");
}

const runIdShape = /^run_id:([0-9a-f]{16})/m;

/** A server that does not say its run id is always the same. */
function runOf(serverInfo: string): string {
  return runIdShape.exec(serverInfo)?.[1] ?? "";
}

function positionAt(feed: Feed, run: string, number: number): FeedPosition {
  return `${feed.name}${run}-${number}`;
}

function quietAt(feed: Feed, run: string, number: number): FeedEvent {
  return { kind: "quiet", position: positionAt(feed, run, number), intervalMilliseconds: quietMilliseconds };
}

const positionShape = /^([0-9a-f]{16,32})-([0-9]{1,15})$/;

/** The number of the change that `position` is right after, where the feed still has all that came after it. */
function resumableNumber(position: FeedPosition, feed: Feed, run: string): number | undefined {
  const [, feedAndRun, digits] = positionShape.exec(position) ?? [];
  const number = Number(digits);
  return feedAndRun === feed.name + run && number <= feed.last && number + 1 >= feed.first ? number : undefined;
}

/** Stream ids are `number-0` here. */
function numberOf(id: string): number {
  return Number.parseInt(id, 10);
}

function entryOf(id: string, [feedMember, feed, changeMember, change]: readonly string[]): Entry {
  if (feedMember !== "feed" || changeMember !== "change" || feed === undefined || change === undefined) {
    throw new Error("an entry of the stream of changes is not one of Signet's");
  }
  return { number: numberOf(id), feed, change: changeOf(change) };
}
