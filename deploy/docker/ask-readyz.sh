#!/bin/bash
# Whether the Signet of this container can serve over HTTP. Asked every few seconds, so without starting a Node for it.
if [ -n "${SIGNET_HTTPS_CERTIFICATE:-}${SIGNET_HTTPS_CERTIFICATE_FILE:-}" ]; then exec node /app/ask-readyz.mjs; fi
exec 3<>"/dev/tcp/127.0.0.1/${SIGNET_PORT:-4000}" || exit 1
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 4 _ status _ <&3
[ "$status" = 200 ]
