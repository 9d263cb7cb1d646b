# The worker's image: a current Node LTS, no build tools, no root. docs/operate.md says how to run it.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY scripts/pinned-node/package.json scripts/pinned-node/package.json
RUN npm ci --ignore-scripts --omit=optional --no-audit --no-fund
COPY . .
RUN node scripts/build.ts && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /opt/domicile
COPY --from=build /src/package.json /src/LICENSE /src/NOTICE ./
COPY --from=build /src/bin bin
COPY --from=build /src/dist dist
COPY --from=build /src/data data
COPY --from=build /src/policies policies
COPY --from=build /src/schemas schemas
COPY --from=build /src/node_modules node_modules
RUN install -d -o 10001 -g 10001 /var/lib/domicile
USER 10001:10001
WORKDIR /var/lib/domicile
ENTRYPOINT ["node", "/opt/domicile/bin/domicile.mjs"]
CMD ["--help"]
