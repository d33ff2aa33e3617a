# The service alone: NATS and PostgreSQL are other containers (docker-compose.yml).

ARG PYTHON_IMAGE=python:3.13-slim
FROM ${PYTHON_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore \
    PATH=/opt/commandpost/bin:$PATH
WORKDIR /build
RUN python -m venv /opt/commandpost
COPY requirements/runtime.txt requirements/
RUN pip install --require-hashes -r requirements/runtime.txt
# The build backend comes out of the lock file too, and stays out of the final image.
COPY requirements/dev.txt requirements/
RUN sed -n '/^uv-build==/,/[^\\]$/p' requirements/dev.txt > requirements/build.txt \
 && pip install --require-hashes --target /build/backend -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN PYTHONPATH=/build/backend PATH=/build/backend/bin:$PATH \
    pip install --no-deps --no-build-isolation .

FROM ${PYTHON_IMAGE}
RUN useradd --system --uid 10001 --home-dir /var/lib/commandpost --shell /usr/sbin/nologin commandpost \
 && install -d -o commandpost -g commandpost -m 0750 /var/lib/commandpost
COPY --from=build /opt/commandpost /opt/commandpost
# What it is made of, for whoever scans images.
COPY requirements/runtime.cdx.json /usr/share/sbom/commandpost.cdx.json
ENV PATH=/opt/commandpost/bin:$PATH PYTHONUNBUFFERED=1
USER commandpost
WORKDIR /var/lib/commandpost
VOLUME /var/lib/commandpost
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=4s --start-period=30s --retries=3 \
  CMD ["python", "-c", "from urllib.request import Request, urlopen; token = open('/var/lib/commandpost/admin-token').read().strip(); urlopen(Request('http://127.0.0.1:8080/health/ready', headers={'Authorization': 'Bearer ' + token}), timeout=3)"]
ENTRYPOINT ["commandpost"]
CMD ["up", "--http", "0.0.0.0:8080", "--state", "/var/lib/commandpost"]
