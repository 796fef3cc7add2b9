# Steward in a container: the bot, the job engine and everything else it needs, on a volume of its own.
#
#   docker build -t steward .
#   docker run --rm -v steward:/data steward init
#   docker run -d -v steward:/data -e STEWARD_SLACK_BOT_TOKEN -e STEWARD_SLACK_APP_TOKEN steward
#
# Tokens and keys come from the environment at run time; none stands in the image. Stopped with SIGTERM, it finishes
# what is under way: give it 30 seconds (`docker stop -t 30`).

FROM python:3.11-slim AS builder

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /build

# The image's own pip installs from outside, so that the environment that is shipped holds no installer.
RUN python -m venv --without-pip /opt/steward

# The libraries first: this layer is built anew only when a pin changes.
COPY .ci/constraints/runtime.txt .ci/constraints/runtime.txt
RUN python -m pip --python /opt/steward/bin/python install --require-hashes -r .ci/constraints/runtime.txt

COPY pyproject.toml README.md LICENSE ./
COPY knowledge knowledge
COPY tools tools
COPY bot bot
RUN python -m pip --python /opt/steward/bin/python install --no-deps --no-build-isolation .


FROM python:3.11-slim AS runtime

# A number, so that an orchestrator can see that it is not root; a name, so that Steward can call the first person so.
RUN groupadd --gid 10001 steward \
    && useradd --uid 10001 --gid 10001 --create-home --shell /usr/sbin/nologin steward \
    && install --directory --owner=10001 --group=10001 --mode=0750 /data

COPY --from=builder /opt/steward /opt/steward

# Safe path: Python imports nothing from the folder it is started in. The ONNX runtime reports to its maker by default.
ENV PATH="/opt/steward/bin:$PATH" \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    ORT_DISABLE_TELEMETRY=1 \
    STEWARD_HOME=/data

USER 10001:10001
WORKDIR /data
VOLUME ["/data"]

# Home and database only: the whole examination reads every file, and no restart mends a failed run.
HEALTHCHECK --interval=60s --timeout=15s --start-period=30s --retries=3 \
    CMD ["steward", "doctor", "--live"]

ENTRYPOINT ["steward"]
CMD ["serve"]
