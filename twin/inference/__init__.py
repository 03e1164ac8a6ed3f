"""What data can say about the model's numbers.

So far: the adoption process on real people and real ties - who named whom and when each began - fitted by
maximum likelihood, lived again by the real kernel, and each place foretold from the others. See
``docs/real_diffusion.md``. And tastes for ways of getting around, from choices (``docs/mode_choice.md``).
"""

from twin.inference.adopters import SOURCES, Adopters, files, read
from twin.inference.choice import SWISSMETRO, ChoiceFit, Choices, fit_choice, swissmetro
from twin.inference.curves import fit_bass, fit_logistic
from twin.inference.likelihood import (
    Exposure,
    Fit,
    Hazards,
    exposure,
    fit,
    interval,
    log_likelihood,
    personal_thresholds,
)
from twin.inference.outlook import LeftOut, Outlook, curve, left_out, live, outlook, side_by_side

__all__ = [
    "SOURCES",
    "SWISSMETRO",
    "Adopters",
    "ChoiceFit",
    "Choices",
    "Exposure",
    "Fit",
    "Hazards",
    "LeftOut",
    "Outlook",
    "curve",
    "exposure",
    "files",
    "fit",
    "fit_bass",
    "fit_choice",
    "fit_logistic",
    "interval",
    "left_out",
    "live",
    "log_likelihood",
    "outlook",
    "personal_thresholds",
    "read",
    "side_by_side",
    "swissmetro",
]
