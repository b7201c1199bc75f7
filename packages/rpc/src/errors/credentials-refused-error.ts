import { ResourceError } from "@signet/protocol";
import type { ClientError } from "nice-grpc-common";

/**
 * A service of the same Signet does not know this process by its credentials, or lets it not use a method: a fault of the deployment, which says
 * nothing of whoever is served. To them the service is unavailable. What was said of the caller is in the cause alone.
 */
export class CredentialsRefusedError extends ResourceError {
  constructor(cause: ClientError) {
    super("unavailable", "a service does not accept the credentials of the service that calls it", { cause });
  }
}
