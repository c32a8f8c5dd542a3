"""`python -m hyperv_net` is `hyperv-net`."""

import sys

from hyperv_net.cli import main

sys.exit(main())
