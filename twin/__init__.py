"""まちツイン machitwin: a digital twin of a city's next twenty years.

    import twin
    from twin.run import run

    facts = twin.Facts.read()
    baseline = twin.Scenario.read("baseline", facts)
    plan = twin.Plan((baseline,), seeds=(1, 2), city=None, fraction=0.01, years=5)
    results = run(plan, Path("results/mine"))
    results.band("indicator_04", "baseline")

Names are loaded when first used, so that ``import twin`` costs nothing.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "City": "twin.city.city",
    "CityTwin": "twin.model",
    "Column": "twin.state",
    "Facts": "twin.facts",
    "Plan": "twin.run",
    "Process": "twin.processes",
    "Results": "twin.results",
    "Scenario": "twin.scenarios",
    "Vision": "twin.vision",
}
__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"twin has no public name {name!r}; it has {', '.join(_PUBLIC)}")
    return getattr(import_module(_PUBLIC[name]), name)
