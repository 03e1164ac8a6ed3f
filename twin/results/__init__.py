"""What a run writes down, how it is kept, how it is read."""

from twin.results.results import Results

__all__ = ["Results"]
