"""Networks as rows of slots (CSR): who listens to whom."""

from twin.network.ties import LABELS, Layer, Ties, make_ties

__all__ = ["LABELS", "Layer", "Ties", "make_ties"]
