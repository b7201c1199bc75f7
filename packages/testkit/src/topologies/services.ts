import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type MongodServer, mongodServer, type RedisServer, redisServer } from "@signet/test-servers";
import { registrationTokenOf } from "../relying-party.ts";
import { adminPassword, adminToken, type Signet, type SignetOptions } from "../signet.ts";
import { type Program, startProgram } from "./program.ts";
import { reach } from "./reach.ts";
import {
  addressOf,
  changed,
  givenTo,
  nameService,
  type ReplicaCounts,
  type RpcServiceName,
  readBy,
  type ServiceName,
  services,
  settingsFor,
  tokenOf,
  urlOf,
} from "./services-settings.ts";

export interface ServicesOptions extends SignetOptions {
  /** How many processes a service has: one unless said otherwise. Several have one name for the others, and one port, each at an address of its own. */
  readonly replicas?: ReplicaCounts;
  /** By how many milliseconds the clock of each replica of a service is astray, for those that are not right. Where there is a `clockwork`. */
  readonly astray?: Readonly<Partial<Record<ServiceName, readonly number[]>>>;
  /** Who else may call the registry: `billing:read`, `provisioning:write`. */
  readonly callers?: readonly string[];
  /** Settings of Redis besides those that Signet needs, as on its command line: `["--appendonly", "yes"]`. Without any it forgets all when it ends. */
  readonly redisSettings?: readonly string[];
  /** What stands between the programs and a store: given the store's port, the port that they use instead. */
  readonly between?: (store: "redis" | "mongodb", port: number) => Promise<number>;
  /** The file that a service is started from, where it is not that of the sources: a bundle. */
  readonly mains?: Readonly<Partial<Record<ServiceName, string>>>;
  /** Settings of one service alone. One that is `NAME_FILE` takes the place of `NAME`, here as in `environment`. */
  readonly own?: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>;
}

/** One of the processes of a service. */
export interface Replica {
  /** Its own address, for plain gRPC. */
  readonly url: string;
  readonly program: Program;
  /** Starts it again after its process has ended, at the same address. */
  startAgain(): void;
}

/** The programs of a Signet on a Redis and a MongoDB of their own, which a test starts one by one. */
export interface DeployedServices extends Omit<ServicesUnderTest, "registrationToken" | "replicas"> {
  /** Starts a process of a service, with changes of its settings for this start: the first one unless said otherwise. */
  start(name: ServiceName, changes?: Readonly<Record<string, string>>, index?: number): Program;
  /** Starts a program of the service beside the one that runs: with `health` it asks that one whether it is ready. */
  startWithArgument(name: ServiceName, argument: string): Program;
  /** Starts all of them. */
  startAll(): void;
  /** Resolves once all that were started are ready; rejects with what one printed that ended before. */
  ready(): Promise<void>;
  replicasOf(name: RpcServiceName): readonly Replica[];
  readonly keyEncryptionKey: string;
}

/** Signet as separate processes on a Redis and a MongoDB of their own, each of which a test may kill and start again. */
export interface ServicesUnderTest extends Signet {
  readonly redis: RedisServer;
  readonly mongodb: MongodServer;
  /** The first process of each service. */
  readonly programs: Readonly<Record<ServiceName, Program>>;
  /** All of them. */
  readonly replicas: Readonly<Record<RpcServiceName, readonly Replica[]>>;
  /** The service token of a caller: a service's own, or that of one of the callers asked for, by the name without its right. */
  tokenOf(caller: string): string;
  /** Starts a service again whose process has ended, at the address that it had. */
  startAgain(name: ServiceName): void;
}

const mainOf = (name: ServiceName) => fileURLToPath(import.meta.resolve(`@signet/${name}/main`));
const mainWithClock = fileURLToPath(new URL("service-main.ts", import.meta.url));

/** The four programs, as their `main.ts` starts them. Resolves once they are ready. */
export async function startServices(options: ServicesOptions = {}): Promise<ServicesUnderTest> {
  const deployed = await deployServices(options);
  deployed.startAll();
  await deployed.ready();
  return {
    ...deployed,
    registrationToken: await registrationTokenOf({ url: deployed.listenerUrl, adminToken }),
    replicas: {
      "client-registry": deployed.replicasOf("client-registry"),
      auth: deployed.replicasOf("auth"),
      token: deployed.replicasOf("token"),
    },
  };
}

/** The four programs, none of which has been started. Redis and MongoDB run. */
export async function deployServices({
  clockwork,
  environment = {},
  replicas = {},
  astray = {},
  callers = [],
  mains = {},
  own = {},
  redisSettings = [],
  between = async (_store, port) => port,
}: ServicesOptions = {}): Promise<DeployedServices> {
  const folder = await mkdtemp(join(tmpdir(), "signet-services-"));
  const redis = redisServer({ settings: ["--maxmemory-policy", "noeviction", ...redisSettings] });
  const mongodb = mongodServer();
  await Promise.all([redis.start(), mongodb.start()]);

  const clockFile = join(folder, "clock");
  clockwork?.showIn(clockFile);
  const others = new Map(callers.map((caller) => [caller, randomBytes(24).toString("hex")]));
  const redisUrl = await through("redis", redis.url);
  const mongodbUrl = await through("mongodb", mongodb.url);
  const endsTls = Object.keys(environment).some((variable) => variable.startsWith("SIGNET_HTTPS_CERTIFICATE"));
  const scheme = endsTls ? "https" : "http";
  const settings = { ...(await settingsFor(redisUrl, mongodbUrl, replicas, scheme)), ...environment };

  async function through(store: "redis" | "mongodb", storeUrl: string): Promise<string> {
    const url = new URL(storeUrl);
    url.port = String(await between(store, Number(url.port)));
    return url.href;
  }
  const running: Record<ServiceName, Program[]> = { "client-registry": [], auth: [], token: [], gateway: [] };

  function run(name: ServiceName, index: number, changes: Readonly<Record<string, string>>, more: readonly string[]): Program {
    const difference = String(astray[name]?.[index] ?? 0);
    const parameters = clockwork === undefined ? [mains[name] ?? mainOf(name)] : [mainWithClock, name, clockFile, difference];
    const given = [readBy(name, environment), own[name] ?? {}, changes].reduce(
      changed,
      givenTo(name, settings, addressOf(index), others),
    );
    return startProgram([...nameService(replicas), ...parameters, ...more], given);
  }

  function start(name: ServiceName, changes: Readonly<Record<string, string>> = {}, index = 0): Program {
    const program = run(name, index, changes, []);
    running[name][index] = program;
    return program;
  }

  function startAll(): void {
    for (const name of services) {
      const count = name === "gateway" ? 1 : (replicas[name] ?? 1);
      for (let index = 0; index < count; index++) start(name, {}, index);
    }
  }

  const all = () => services.flatMap((name) => running[name].map((program) => ({ name, program })));

  async function stopPrograms(): Promise<void> {
    for (const { program } of all()) program.signal("SIGTERM");
    await Promise.all(all().map(({ program }) => program.ended()));
  }

  /** Resolves once all of them are ready; rejects with what one printed that ended before. */
  async function ready(): Promise<void> {
    const ends = all().map(async ({ name, program }): Promise<never> => {
      const how = await program.ended();
      throw new Error(`${name} ended with ${how}:\n${program.output()}`);
    });
    await Promise.race([reach(listenerUrl), ...ends]);
    for (const end of ends) end.catch(() => {});
  }

  function replicasOf(name: RpcServiceName): readonly Replica[] {
    const { port } = new URL(urlOf(name, settings));
    return running[name].map((_program, index) => ({
      url: `grpc://${addressOf(index)}:${port}`,
      get program() {
        return programOf(name, index);
      },
      startAgain: () => void start(name, {}, index),
    }));
  }

  function programOf(name: ServiceName, index = 0): Program {
    const program = running[name][index];
    if (program === undefined) throw new Error(`there is no process ${index} of ${name}`);
    return program;
  }

  const listenerUrl = `${scheme}://localhost:${settings.SIGNET_PORT}`;
  return {
    url: settings.SIGNET_PUBLIC_URL,
    listenerUrl,
    adminToken,
    adminPassword,
    redis,
    mongodb,
    programs: {
      get "client-registry"() {
        return programOf("client-registry");
      },
      get auth() {
        return programOf("auth");
      },
      get token() {
        return programOf("token");
      },
      get gateway() {
        return programOf("gateway");
      },
    },
    replicasOf,
    keyEncryptionKey: settings.SIGNET_KEY_ENCRYPTION_KEY,
    start,
    startWithArgument: (name, argument) => run(name, 0, {}, [argument]),
    startAll,
    ready,
    tokenOf: (caller) => tokenOf(caller, others),
    startAgain: (name) => void start(name),
    async restart() {
      await stopPrograms();
      startAll();
      await ready();
    },
    async stop() {
      await stopPrograms();
      await Promise.all([redis.end(), mongodb.end()]);
      await rm(folder, { recursive: true });
    },
  };
}
