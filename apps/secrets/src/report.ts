import type { DeploymentSecrets } from "./deployment-secrets.ts";

const shown = [
  { file: "admin-token", title: "administration token", of: ({ adminToken }: DeploymentSecrets) => adminToken },
  { file: "admin-password", title: "user admin, password", of: ({ adminPassword }: DeploymentSecrets) => adminPassword },
] as const;

/** What a start says. What people need is shown when it is made, and never again. */
export function report(secrets: DeploymentSecrets, made: ReadonlySet<string>): string {
  if (made.size === 0) return "All secrets are there; none was made.\n";
  const lines = shown.filter(({ file }) => made.has(file)).map(({ title, of }) => `    ${title.padEnd(25)}${of(secrets)}`);
  const told = lines.length === 0 ? [] : ["", "  Made on this first start, and shown only this once:", "", ...lines, ""];
  return [`Secrets made: ${[...made].join(", ")}.`, ...told, ""].join("\n");
}
