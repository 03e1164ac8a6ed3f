"""How eager older people are to start using the internet, and how many stop, fitted to the national survey.

Four numbers make the endless population of :mod:`twin.verification.nation` follow the published shares of
2015 to 2021 best (least squares, the 70s of 2021 counted twice): interest at 60, interest from 75 on, the
rate of stopping, and how it grows with age. The table also shows what the same rule gives without stopping.

    python experiments/fit_internet.py
"""

from datetime import date

import numpy as np
from scipy.optimize import least_squares

from twin.facts import Facts
from twin.run.describe import table
from twin.verification import nation
from twin.verification.worlds import with_values

DAY = date(2021, 8, 31)
DEVICE_STOPS = 0.6  # of the internet's rate: who gives up the internet may keep the telephone


def facts_with(interest_60: float, interest_75: float, stop: float, ageing: float) -> Facts:
    """The facts with other numbers for older people."""
    facts = Facts.read()
    young = {
        age: value for age, value in facts["adoption.interest_net"].values[0][1].items() if float(age) < 60
    }
    interest = young | {"60": interest_60, "75": interest_75, "120": interest_75}
    rate = facts.table("adoption.stop", DAY) | {"net": stop, "device": DEVICE_STOPS * stop}
    steep = facts.table("adoption.stop_ageing", DAY) | {"net": ageing, "device": ageing}
    return with_values(facts, {
        "adoption.interest_net": interest, "adoption.interest_device": interest, "adoption.stop": rate,
        "adoption.stop_ageing": steep,
    })  # fmt: skip


def numbers(x: np.ndarray) -> tuple[float, float, float, float]:
    """Rates from what the search moves: all but the last are logarithms."""
    return (*map(float, np.exp(x[:3])), float(x[3]))


def misses(x: np.ndarray) -> np.ndarray:
    """Model minus survey."""
    rows = nation.rows_with(facts_with(*numbers(x)), stop=True)
    return np.array(
        [(lived - known) * (1 + (day == DAY and group == "70-79")) for day, group, known, lived in rows]
    )


def main() -> None:
    """Fit and print."""
    first = [*np.log([0.05, 0.15, 0.007]), 1.4]
    bounds = [*np.log([1e-3, 1e-3, 2e-3]), 0.0], [*np.log([2.0, 2.0, 0.05]), 2.0]
    found = numbers(least_squares(misses, first, bounds=bounds, diff_step=0.05).x)
    print("interest at 60 {:.4f}, from 75 on {:.4f}; stop {:.5f} a year, ageing {:.3f}\n".format(*found))
    both = zip(*(nation.rows_with(facts_with(*found), stop) for stop in (True, False)), strict=True)
    shown = [(day, group, *(f"{share:.1%}" for share in (known, lived, without)))
             for (day, group, known, lived), (_, _, _, without) in both]  # fmt: skip
    print(table(("day", "age", "published", "with stopping", "without"), shown))


if __name__ == "__main__":
    main()
