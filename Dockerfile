# calfeed in a container: `make image` builds it, compose.yaml runs it with all that belongs to it.

# Anything with Python 3.11 or newer and its venv module, as python3.
ARG BASE=docker.io/library/python:3.12-slim-bookworm

FROM ${BASE} AS build
WORKDIR /src
RUN python3 -m venv /opt/calfeed
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY calfeed calfeed
COPY feeds feeds
RUN /opt/calfeed/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        -c constraints.txt . \
    && /opt/calfeed/bin/python -m pip uninstall -y --quiet pip

FROM ${BASE}
RUN useradd --uid 10001 --create-home --home-dir /var/lib/calfeed \
        --shell /usr/sbin/nologin calfeed
COPY --from=build /opt/calfeed /opt/calfeed
ENV PATH=/opt/calfeed/bin:$PATH \
    PORT=8080 \
    CALFEED_CACHE_URL=sqlite:///var/lib/calfeed/calfeed.sqlite3
# By number, so that an orchestrator can see that it is not root.
USER 10001
WORKDIR /var/lib/calfeed
VOLUME /var/lib/calfeed
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python3", "-c", \
    "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["calfeed"]
CMD ["serve", "--host", "0.0.0.0"]
