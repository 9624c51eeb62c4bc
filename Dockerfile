# Builds the bundle with every dependency inside it; the image that runs holds Node, the bundle and nothing else.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY scripts ./scripts
COPY playbooks ./playbooks
COPY src ./src
RUN node scripts/build.ts /build/dist

# The same Debian as the image above, so that Node finds its libraries.
FROM debian:bookworm-slim
COPY --from=build /usr/local/bin/node /usr/local/bin/node
# Fails the build, not the start, should a library be missing.
RUN ["node", "--version"]
COPY --from=build /build/dist /app
ENV NODE_ENV=production HOME=/tmp
WORKDIR /etc/kubewhy
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
# 3000: requests of Slack in HTTP mode; 9464: health and metrics.
EXPOSE 3000 9464
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.KUBEWHY_INTERNAL_PORT||9464}/healthz`).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["node", "/app/kubewhy.mjs"]
CMD ["serve"]
