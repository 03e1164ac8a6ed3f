"""Hot loops on bare arrays. Each kernel stands beside its plain NumPy twin, which is its meaning.

A kernel takes arrays and numbers, returns or fills arrays; no state, no strings, no randomness
but a key. Rows are computed from old values by pulling, integer sums only, no fastmath: the bits
do not depend on the number of threads.
"""

import os

# Threads that wait for their next piece of a month sleep. By default OpenMP lets them spin, and on a
# machine with other work a pass of 0.05 ms then takes 40 ms (docs/performance.md). Set before numba.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
