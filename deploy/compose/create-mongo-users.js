// Run by mongosh when the database is made: a user for each service, who may read and write that service's database and nothing else.
const { readFileSync } = require("node:fs");

for (const service of ["client-registry", "auth", "token"]) {
  db.getSiblingDB(`signet-${service}`).createUser({
    user: service,
    pwd: readFileSync(`/run/secrets/password-of-${service}`, "utf8").trim(),
    roles: [{ role: "readWrite", db: `signet-${service}` }],
  });
}
