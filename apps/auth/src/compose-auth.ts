import type { AuthConfig } from "@signet/config";
import type { auth } from "@signet/contracts";
import { createOutbound } from "@signet/outbound";
import { warnSparingly } from "@signet/process/warn-sparingly";
import type { AuthDependencies } from "./auth-dependencies.ts";
import { createAuthService } from "./create-auth-service.ts";
import { createSignInGuard } from "./limits/sign-in-limits.ts";
import { createPasswordHasher } from "./passwords/password-hasher.ts";
import { createSignOutDelivery } from "./sign-out/sign-out-delivery.ts";
import { type UntoldListeners, untoldListeners } from "./sign-out/untold-listeners.ts";

export interface AuthComposition
  extends Pick<AuthDependencies, "clock" | "directory" | "random" | "stores" | "subjects" | "tokens"> {
  readonly config: Pick<AuthConfig, "outboundAllowedHosts" | "publicUrl" | "signInLimits">;
  readonly telemetry: AuthTelemetry;
}

/** Who hears of what. */
export interface AuthTelemetry extends UntoldListeners {
  readonly watchQueue?: ((name: string, waiting: () => number) => void) | undefined;
}

export interface ComposedAuth {
  readonly dependencies: AuthDependencies;
  readonly service: auth.AuthServiceImplementation;
  /** From now on what is left to do after sign-outs is done. */
  start(): void;
  /** After the last call. The stores stay open. */
  close(): Promise<void>;
}

/** The service with all that is its own, by its settings, in whichever process. */
export function composeAuth({ config, telemetry, ...given }: AuthComposition): ComposedAuth {
  const { outboundAllowedHosts: allowedHosts, publicUrl, signInLimits: limits } = config;
  const { stores, directory, tokens, clock } = given;
  const passwords = createPasswordHasher();
  telemetry.watchQueue?.("passwords", () => passwords.waiting);
  const signOutDelivery = createSignOutDelivery({
    stores,
    directory,
    tokens,
    clock,
    // Of its own: receivers that hang must not take the room of documents that somebody waits for.
    outbound: createOutbound({ allowedHosts, clock }),
    ...untoldListeners(telemetry),
    onError: warnSparingly(telemetry.logger, "what is left to do after sign-outs could not be looked at"),
  });
  const dependencies: AuthDependencies = {
    ...given,
    passwords,
    signIns: createSignInGuard({ limits, rateLimits: stores.rateLimits, clock }),
    outbound: createOutbound({ allowedHosts, clock }),
    signOutDelivery,
    publicUrl,
  };
  return {
    dependencies,
    service: createAuthService(dependencies),
    start: () => signOutDelivery.start(),
    close: () => signOutDelivery.close(),
  };
}
