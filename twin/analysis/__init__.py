"""What many runs say together: the roadmap's cells as conditions on what each run wrote down.

>>> [cell.id for cell in CELLS]
['P5', 'A5', 'D5', 'P10', 'A10', 'D10', 'P20', 'A20', 'D20']
"""

from twin.analysis.cells import CELLS, Cell, Condition
from twin.analysis.log import Log
from twin.analysis.outcome import Chain, Outcome, Part, Run
from twin.analysis.probability import Difference, Probability
from twin.analysis.roadmap import Roadmap
from twin.analysis.runs import areas_alone_runs, run_alone, runs_of
from twin.analysis.times import Waiting

__all__ = [
    "CELLS", "Cell", "Chain", "Condition", "Difference", "Log", "Outcome", "Part", "Probability", "Roadmap", "Run", "Waiting",
    "areas_alone_runs", "run_alone", "runs_of",
]  # fmt: skip
