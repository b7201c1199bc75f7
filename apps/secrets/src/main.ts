import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { establishSecrets } from "./deployment-secrets.ts";
import { handOut } from "./hand-out.ts";
import { report } from "./report.ts";
import { admit, dismiss, retire, rotate } from "./rotate.ts";
import { SecretFolder } from "./secret-folder.ts";
import { UsageError } from "./usage-error.ts";

const usage = `usage: secrets                     makes what is missing
       secrets rotate NAME         a new secret for gateway, auth, token (their service tokens) or key-encryption-key; the old one stays accepted
       secrets retire NAME         the old one is accepted no more
       secrets admit NAME:RIGHT    a token with which an internal service may call client-registry; RIGHT is read or write
       secrets dismiss NAME        that service may call it no more
`;

/** Where the image has its volumes: the secrets themselves, and a folder for each who has to know some of them. */
const path = { own: "/secrets/own", handedOut: "/secrets/for" };
/** Services look into their files every second. */
const readWithinMilliseconds = 3000;

const folder = new SecretFolder(path.own);
const establish = () => establishSecrets(folder, randomBytes);
const dependencies = {
  folder,
  random: randomBytes,
  handOut: () => handOut(establish().secrets, path.handedOut),
  untilRead: () => setTimeout(readWithinMilliseconds),
};

async function run([command, name, ...rest]: readonly string[]): Promise<string> {
  if (command === undefined) {
    const { secrets, made } = establish();
    handOut(secrets, path.handedOut);
    return report(secrets, made);
  }
  if (name === undefined || rest.length > 0) throw new UsageError(usage);
  switch (command) {
    case "rotate":
      await rotate(name, dependencies);
      return `${name} has a new secret; the old one is accepted until \`secrets retire ${name}\`.\n`;
    case "retire":
      retire(name, dependencies);
      return `${name} has one secret.\n`;
    case "admit":
      return `${admit(name, dependencies)}\n`;
    case "dismiss":
      dismiss(name, dependencies);
      return `${name} may call client-registry no more.\n`;
    default:
      throw new UsageError(usage);
  }
}

try {
  process.stdout.write(await run(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(
    error instanceof UsageError ? `${error.message.trimEnd()}\n` : `${error instanceof Error ? error.stack : error}\n`,
  );
  process.exitCode = 1;
}
