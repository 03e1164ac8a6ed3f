"""Hot loops on bare arrays. Each kernel stands beside its plain NumPy twin, which is its meaning.

A kernel takes arrays and numbers, returns or fills arrays; no state, no strings, no randomness
but a key. Rows are computed from old values by pulling, integer sums only, no fastmath: the bits
do not depend on the number of threads.
"""
