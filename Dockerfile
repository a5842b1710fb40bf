# Segue, served from a volume: `docker build -t segue .`, then see compose.yaml.
# Built in one stage and copied into the next, so that no compiler and no cache is in the image that runs.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/segue
COPY . /source
RUN /opt/segue/bin/pip install --no-cache-dir --disable-pip-version-check /source

FROM python:3.11-slim-bookworm
# libgomp: lightgbm, scikit-learn and implicit were built for it.
RUN apt-get update && apt-get install --yes --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin segue \
    && install --directory --owner=segue --group=segue --mode=0700 /data /data/home
COPY --from=build /opt/segue /opt/segue
ENV PATH=/opt/segue/bin:$PATH PYTHONUNBUFFERED=1 SEGUE_DB=/data/segue.db SEGUE_HOME=/data/home
USER segue
WORKDIR /data
VOLUME /data
EXPOSE 8484
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", \
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8484/healthz', timeout=4)"]
# Others reach it from outside the container, so that it starts only with a token: SEGUE_TOKEN or SEGUE_TOKEN_FILE.
ENTRYPOINT ["segue"]
CMD ["serve", "--host", "0.0.0.0", "--workers", "2"]
