import type { TokenConfig } from "@signet/config";
import type { token } from "@signet/contracts";
import { createOutbound } from "@signet/outbound";
import { warnSparingly } from "@signet/process/warn-sparingly";
import { createTokenService } from "./create-token-service.ts";
import { type KeyChangeListeners, keyChangeListener } from "./keys/key-change-listener.ts";
import { createSigningKeys } from "./keys/signing-keys.ts";
import type { TokenDependencies } from "./token-dependencies.ts";

export interface TokenComposition
  extends Pick<TokenDependencies, "auth" | "clock" | "directory" | "random" | "sealer" | "stores" | "subjects"> {
  readonly config: Pick<
    TokenConfig,
    "clientLimits" | "jwksMaxAgeSeconds" | "keyRotationDays" | "outboundAllowedHosts" | "publicUrl" | "refreshGraceMilliseconds"
  >;
  /** Whether other processes serve on the same stores. */
  readonly isShared: boolean;
  /** Who hears of what. */
  readonly telemetry: TokenTelemetry;
}

export interface TokenTelemetry extends KeyChangeListeners {
  readonly logger: KeyChangeListeners["logger"] & { warn(members: object, message: string): void };
}

export interface ComposedToken {
  readonly service: token.TokenServiceImplementation;
  /** From now on signing keys are looked after. */
  start(): void;
  /** After the last call. The stores stay open. */
  close(): Promise<void>;
}

/** The service with all that is its own, by its settings, in whichever process. */
export function composeToken({ config, isShared, telemetry, ...given }: TokenComposition): ComposedToken {
  const { stores, sealer, clock } = given;
  const signingKeys = createSigningKeys({
    store: stores.signingKeys,
    sealer,
    clock,
    isShared,
    jwksMaxAgeSeconds: config.jwksMaxAgeSeconds,
    rotationDays: config.keyRotationDays,
    onChange: keyChangeListener(telemetry),
    onError: warnSparingly(telemetry.logger, "signing keys could not be looked after"),
  });
  const service = createTokenService({
    ...given,
    signingKeys,
    clientLimits: config.clientLimits,
    outbound: createOutbound({ allowedHosts: config.outboundAllowedHosts, clock }),
    publicUrl: config.publicUrl,
    refreshGraceMilliseconds: config.refreshGraceMilliseconds,
  });
  return { service, start: () => signingKeys.start(), close: () => signingKeys.close() };
}
