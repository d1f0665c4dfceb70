# blendgym with all that it trains with. docs/installation.md says how to build and run it.
FROM debian:bookworm-slim

# Blender links graphics libraries even where there is no display; those of the second line draw without a GPU.
RUN apt-get update && apt-get install --yes --no-install-recommends \
        libgl1 libice6 libsm6 libx11-6 libxext6 libxfixes3 libxi6 libxkbcommon0 libxrender1 \
        libegl1 libegl-mesa0 libgl1-mesa-dri \
        ca-certificates python3-venv \
    && rm -rf /var/lib/apt/lists/*

ENV PATH=/opt/blendgym/bin:$PATH
COPY . /src
RUN python3 -m venv /opt/blendgym \
    && pip install --no-cache-dir --constraint /src/constraints.txt '/src[all]' \
    && rm -rf /src

# Whoever runs it has a folder to write into, with or without a name and a home of his own.
RUN install --directory --mode=1777 /work
ENV HOME=/tmp
WORKDIR /work
USER nobody
RUN HOME=$(mktemp --directory) blendgym doctor --quick

ENTRYPOINT ["blendgym"]
CMD ["--help"]
