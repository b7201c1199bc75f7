# One image per app: `docker build --target TARGET .` with standalone, gateway, auth, token, client-registry or secrets.

FROM node:26-bookworm-slim AS base
ENV NODE_ENV=production

# The dependencies alone, so that this layer stands for as long as the lockfile does.
FROM base AS bundles
WORKDIR /signet
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npm install --global "$(node -p 'require("./package.json").packageManager')" && pnpm fetch --prod
COPY . .
RUN pnpm install --prod --offline --frozen-lockfile
RUN for app in standalone gateway auth token client-registry secrets; do node tools/bundle.ts "$app" "/bundles/$app" || exit 1; done

FROM base AS app
WORKDIR /app
# The user `node` of the base image, by number: whoever runs the image can see that it is not root.
USER 1000:1000
# Without a limit to what is young, V8 takes 40 MB more under load, and no less time (docs/performance.md).
ENTRYPOINT ["node", "--max-semi-space-size=8", "/app/main.mjs"]

# No start period: while it lasts, Docker 25 and newer ask every 5 seconds only, and what depends on the answer waits for it.
FROM app AS service
COPY deploy/docker/ask-health.mjs /app/
HEALTHCHECK --interval=3s --timeout=5s --retries=10 CMD ["node", "/app/ask-health.mjs"]

FROM app AS gateway
COPY deploy/docker/ask-readyz.sh deploy/docker/ask-readyz.mjs /app/
COPY --from=bundles /bundles/gateway /app
HEALTHCHECK --interval=2s --timeout=5s --retries=15 CMD ["/app/ask-readyz.sh"]
ENV SIGNET_HOST=0.0.0.0
EXPOSE 4000

FROM service AS auth
COPY --from=bundles /bundles/auth /app
ENV SIGNET_RPC_LISTEN=grpc://0.0.0.0:4012
EXPOSE 4012

FROM service AS token
COPY --from=bundles /bundles/token /app
ENV SIGNET_RPC_LISTEN=grpc://0.0.0.0:4013
EXPOSE 4013

FROM service AS client-registry
COPY --from=bundles /bundles/client-registry /app
ENV SIGNET_RPC_LISTEN=grpc://0.0.0.0:4011
EXPOSE 4011

# Makes the secrets of a deployment. A volume that is mounted for the first time takes over the owner of the folder that it covers.
FROM app AS secrets
COPY --from=bundles /bundles/secrets /app
USER root
RUN install --directory --owner 1000 --group 1000 /secrets/own /secrets/for/gateway /secrets/for/client-registry \
  /secrets/for/auth /secrets/for/token /secrets/for/redis
USER 1000:1000

# Everything in one process; what it keeps is in /data.
FROM app AS standalone
COPY deploy/docker/ask-readyz.sh deploy/docker/ask-readyz.mjs /app/
COPY --from=bundles /bundles/standalone /app
USER root
RUN install --directory --owner 1000 --group 1000 --mode 0700 /data
USER 1000:1000
ENV SIGNET_HOST=0.0.0.0 SIGNET_DATA_DIR=/data
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=2s --timeout=5s --retries=15 CMD ["/app/ask-readyz.sh"]
