import { createHash } from "node:crypto";
import { type Caller, type DeploymentSecrets, type Keeper, keepers } from "./deployment-secrets.ts";

/** Who gets secrets of a deployment, each in a folder of their own. */
export const readers = ["gateway", "client-registry", "auth", "token", "redis"] as const;
export type Reader = (typeof readers)[number];

/** Contents by the names of their files. */
export type Files = Readonly<Record<string, string>>;

/** Which keys in Redis are whose: the kinds of `storage-redis`. */
const redisKeys: Readonly<Record<Keeper, readonly string[]>> = {
  "client-registry": ["signet:{changes}*", "signet:refusal:*", "signet:rate-limit:*"],
  auth: ["signet:session:*", "signet:interaction:*", "signet:code:*", "signet:rate-limit:*"],
  token: ["signet:access-token:*", "signet:revoked-token:*", "signet:replay:*", "signet:rate-limit:*"],
};

const permissions = "+@all -@admin -@dangerous +info";

/** What each reader has to know. Who checks a token has it, and could show it elsewhere: services trust each other so far. */
export function handedOut(secrets: DeploymentSecrets): Readonly<Record<Reader, Files>> {
  const { keyEncryptionKey, serviceTokens } = secrets;
  const serviceToken = (caller: Caller) => ({ "service-token": serviceTokens[caller].current });
  const stores = (keeper: Keeper) => ({ "mongodb-url": mongodbUrl(keeper), "redis-url": redisUrl(keeper, secrets) });
  const sealing = {
    "key-encryption-key": keyEncryptionKey.current,
    "previous-key-encryption-key": keyEncryptionKey.other ?? "",
  };
  return {
    gateway: serviceToken("gateway"),
    "client-registry": {
      callers: [...callersText(secrets, ["gateway", "auth", "token"]), ...secrets.internalCallers].join("\n"),
      "admin-token": secrets.adminToken,
      ...sealing,
      ...stores("client-registry"),
    },
    auth: {
      callers: callersText(secrets, ["gateway", "token"]).join("\n"),
      "admin-password": secrets.adminPassword,
      ...serviceToken("auth"),
      ...stores("auth"),
    },
    token: {
      callers: callersText(secrets, ["gateway", "auth"]).join("\n"),
      ...sealing,
      ...serviceToken("token"),
      ...stores("token"),
    },
    redis: { "users.acl": redisUsers(secrets).join("\n") },
  };
}

function callersText({ serviceTokens }: DeploymentSecrets, callers: readonly Caller[]): readonly string[] {
  return callers.flatMap((caller) => {
    const { current, other } = serviceTokens[caller];
    return [current, ...(other === undefined ? [] : [other])].map((token) => `${caller}=${token}`);
  });
}

/** A database for each. It asks for no password: only these can reach it. */
function mongodbUrl(keeper: Keeper): string {
  return `mongodb://mongo:27017/signet-${keeper}`;
}

function redisUrl(keeper: Keeper, { redisPasswords }: DeploymentSecrets): string {
  return `redis://${keeper}:${redisPasswords[keeper]}@redis:6379/0`;
}

/**
 * What tells one version of `redisUsers` from another. It is a label of Redis' container, which `docker compose up` makes anew where a label changed:
 * Redis reads its users only as it starts.
 */
export function redisUsersVersion(): string {
  return sha256(JSON.stringify([redisKeys, permissions])).slice(0, 12);
}

/** Redis keeps hashes: this file could be read by anybody. The user `health` may ask whether Redis answers, and nothing else. */
function redisUsers({ redisPasswords }: DeploymentSecrets): readonly string[] {
  return [
    "user default reset off",
    "user health reset on nopass +ping",
    ...keepers.map((keeper) => {
      const keys = redisKeys[keeper].map((pattern) => `~${pattern}`).join(" ");
      return `user ${keeper} reset on #${sha256(redisPasswords[keeper])} ${keys} ${permissions}`;
    }),
  ];
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
