# The program with the same lock as everywhere else:
#   docker build -t intranet-sim .
#   docker run --rm -v "$PWD/results:/data/results" intranet-sim compare like-facebook collaboration
#   docker run --rm -p 127.0.0.1:8000:8000 intranet-sim class serve --native --host 0.0.0.0 --port 8000 --no-browser
# What --cpus allows decides how many processes are started.
FROM python:3.12-slim AS built
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /venv/bin/python -c "from hatchling.builders.wheel import WheelBuilder; [*WheelBuilder('.').build(directory='/dist', versions=['standard'])]" \
    && /venv/bin/pip install --no-cache-dir --no-deps /dist/*.whl

FROM python:3.12-slim
COPY --from=built /venv /venv
ENV PATH=/venv/bin:$PATH NUMBA_CACHE_DIR=/cache MPLCONFIGDIR=/cache
RUN useradd --create-home person && mkdir /data /cache && chown person /data /cache
USER person
WORKDIR /data
# Compiled once, here: a container starts at once.
RUN python -c "from sim.model.simulation import warm_up; warm_up()"
ENTRYPOINT ["intranet-sim"]
CMD ["--help"]
