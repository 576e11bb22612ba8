# The lossmill command with what it needs to run, and nothing else: `docker run IMAGE lossmill ...`.
# docker-compose.yml runs it as coordinator and as workers. The base needs glibc: DuckDB has no binaries for musl.
ARG NODE_IMAGE=node:24-bookworm-slim

# Only what decides the dependencies, so that the installs below are repeated when that changes and not with every source.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /all
COPY . .
RUN mkdir /manifests && cp --parents package.json pnpm-*.yaml apps/*/package.json packages/*/package.json /manifests

FROM ${NODE_IMAGE} AS build
ENV CI=true
WORKDIR /build
COPY --from=manifests /manifests ./
RUN --mount=type=cache,id=lossmill-pnpm,target=/pnpm \
  npx --yes "$(node -p 'require("./package.json").packageManager')" \
  install --frozen-lockfile --store-dir=/pnpm --filter=lossmill-monorepo --filter=lossmill...
COPY . .
RUN node packages/kernels/scripts/codegen.mjs \
  && node node_modules/typescript/bin/tsc -b apps/cli \
  && find apps packages -path '*/dist/*' \( -name '*.map' -o -name '*.tsbuildinfo' -o -name .tsbuildinfo \) -delete \
  && mkdir /built && cp -r --parents apps/cli/bin apps/*/dist packages/*/dist /built

FROM ${NODE_IMAGE} AS production
ENV CI=true
WORKDIR /app
COPY --from=manifests /manifests ./
RUN --mount=type=cache,id=lossmill-pnpm,target=/pnpm \
  npx --yes "$(node -p 'require("./package.json").packageManager')" \
  install --frozen-lockfile --store-dir=/pnpm --prod --filter=lossmill...
COPY --from=build /built ./

FROM ${NODE_IMAGE}
# /data is where data sets are mounted, and all that workers and coordinators may read.
RUN ln -s /app/apps/cli/bin/lossmill.js /usr/local/bin/lossmill && install -d -o 1000 -g 1000 /data
COPY --from=production /app /app
ENV NODE_ENV=production LOSSMILL_DATA_ROOTS=/data
USER 1000:1000
WORKDIR /data
CMD ["lossmill", "worker"]
