import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort, type Home, registrationTokenOf } from "@signet/testkit";

const root = fileURLToPath(new URL("../../..", import.meta.url));
export const baseImage = "node:26-bookworm-slim";
const run = promisify(execFile);

/** The project's docker-compose.yml, running under a name, on a port and with volumes of its own. */
export interface ComposeStack {
  readonly url: string;
  /** Builds the images, as far as they have changed. */
  build(): Promise<void>;
  /** Resolves once everything is healthy. `parameters` are further ones of `docker compose up`. */
  up(...parameters: readonly string[]): Promise<void>;
  /** Stops and removes the containers; the data stay. */
  down(): Promise<void>;
  /** Ends a service's processes in order and starts them again. */
  restart(service: string): Promise<void>;
  /** Removes everything, the data and secrets as well. */
  destroy(): Promise<void>;
  /** What `docker compose` prints. */
  compose(...parameters: readonly string[]): Promise<string>;
  /** What a service has printed since its container was made. */
  logs(service: string): Promise<string>;
  /** The ids of a service's containers, those that have ended included. */
  containers(service: string): Promise<readonly string[]>;
  /** The names of its volumes. */
  volumes(): Promise<readonly string[]>;
  /** Copies a volume's content into an archive in the folder, as docs/deployment.md has it. */
  backUp(volume: string, folder: string): Promise<void>;
  /** Puts the archive's content into the volume, which is empty. */
  restore(volume: string, folder: string): Promise<void>;
}

/** What `docker` prints for `parameters`. */
export async function docker(...parameters: readonly string[]): Promise<string> {
  const { stdout } = await run("docker", parameters, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

export interface ComposeStackOptions {
  /** Whether clients will write at the same time. Then a gate stands before a MongoDB that is not atomic; without it, the stack is the file that ships, and no more. */
  readonly isBusy?: boolean;
}

/** A stack that is yet to be started. */
export async function composeStack({ isBusy = false }: ComposeStackOptions = {}): Promise<ComposeStack> {
  const project = `signet-test-${randomBytes(4).toString("hex")}`;
  const port = await freePort();
  const hasGate = isBusy && /FerretDB/.test(await docker("run", "--rm", "--entrypoint", "mongod", "mongo:8", "--version"));
  const files = ["docker-compose.yml", ...(hasGate ? ["tests/compose/stand-in.yml"] : [])];
  const options = ["compose", "--project-name", project, ...files.flatMap((file) => ["--file", file])];

  async function compose(...parameters: readonly string[]): Promise<string> {
    const { stdout } = await run("docker", [...options, ...parameters], {
      cwd: root,
      env: { ...process.env, SIGNET_PORT: String(port) },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout.trim();
  }

  return {
    url: `http://localhost:${port}`,
    async build() {
      await compose("build");
    },
    async up(...parameters) {
      await compose("up", "--detach", "--wait", "--wait-timeout", "120", ...parameters);
    },
    async down() {
      await compose("down");
    },
    async restart(service) {
      await compose("restart", service);
      // The gate lives in the network of the mongod, which is another one after its restart.
      if (hasGate && service === "mongo") await compose("restart", "mongo-gate");
    },
    async destroy() {
      await compose("down", "--volumes", "--remove-orphans");
    },
    compose,
    logs: (service) => compose("logs", "--no-log-prefix", service),
    containers: async (service) => lines(await compose("ps", "--all", "--quiet", service)),
    async backUp(volume, folder) {
      const mounts = ["--volume", `${project}_${volume}:/from:ro`, "--volume", `${folder}:/to`];
      await docker("run", "--rm", ...mounts, baseImage, "tar", "-C", "/from", "-czf", `/to/${volume}.tar.gz`, ".");
    },
    async restore(volume, folder) {
      const mounts = ["--volume", `${project}_${volume}:/to`, "--volume", `${folder}:/from:ro`];
      await docker("run", "--rm", ...mounts, baseImage, "tar", "-C", "/to", "-xzpf", `/from/${volume}.tar.gz`);
    },
    volumes: async () =>
      lines(await docker("volume", "ls", "--quiet", "--filter", `label=com.docker.compose.project=${project}`)),
  };
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** What an administrator knows of a stack that was started for the first time: what the service `secrets` printed, and what that opens. */
export async function homeOf(stack: ComposeStack): Promise<Home> {
  const printed = await stack.logs("secrets");
  const adminToken = shown(printed, "administration token");
  const adminPassword = shown(printed, "user admin, password");
  const registrationToken = await registrationTokenOf({ url: stack.url, adminToken });
  return { url: stack.url, adminToken, adminPassword, registrationToken };
}

/** The values after `title`, each time that it was printed; exactly one is expected. */
function shown(printed: string, title: string): string {
  const values = [...printed.matchAll(new RegExp(`^ *${title} +(\\S+)$`, "gm"))].map(([, value = ""]) => value);
  const [value] = values;
  if (value === undefined || values.length > 1) throw new Error(`"${title}" was shown ${values.length} times`);
  return value;
}
