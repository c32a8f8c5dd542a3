#!/bin/sh
# Run on the building machine; $ROOT is the image.
set -eu
hyperv-net bake --root "$ROOT" --expect-driver mlx5 --expect-driver mana
hyperv-net bake --root "$ROOT" --verify
