"""Which levels of the businesses' process give the surveys of firms, and how steep size is.

Slope: least squares over the published size classes, sizes inside a class by Zipf's law. Then a world of
establishments lives from the census of 2015, and round by round

- ``firms.start`` moves until the mean miss over the size classes of June 2023 is zero: the one level;
- ``firms.climb`` until the users of up to 300 persons stand at the stages of the end of 2024;
- the base of ``firms.result`` until the mean of three yearly shares with results comes out;
- ``firms.telework_level`` is solved for each survey of firms with 100 persons or more, and
  ``firms.telework_jobs`` moves, all industries by the same log odds, until the city's places allow
  telework as often as the nation's employees did it in 2022.

``firms.begun`` and ``firms.begun_stages`` are read off the same world in October 2020. Prints the values
for ``twin/facts/firms.toml``.

    python experiments/fit_firms.py --rounds 6 --copies 4
"""

import argparse
from datetime import date

import numpy as np
from scipy.optimize import brentq, least_squares
from scipy.special import expit, logit

from twin.facts import Facts
from twin.units import month_number
from twin.verification import firms
from twin.verification.worlds import with_values

CENSUS_2015, SMALL, LARGE = date(2015, 10, 1), 300, 100
STEEP = 0.17  # how far the mean share falls when the logarithm of the level falls by one, about
STAGES = "history.sme_stages"
RESULTS, TELEWORK, NATION = "history.sme_results", "history.telework_firms", "history.telework_japan"


def size_slope(facts: Facts) -> tuple[float, float]:
    """Slope of the log odds per log person, and the share at ten persons, from the published classes."""
    table = {int(label): share for label, share in facts.table(firms.BY_SIZE, firms.SURVEY).items()}
    ends = {1: 5, 6: 20, 51: 100, 101: 300, 301: 1000, 1001: 20_000}

    def misses(x: np.ndarray) -> list[float]:
        found = []
        for low, share in table.items():
            size = np.arange(low, ends[low] + 1.0)
            found.append(np.average(expit(x[0] + x[1] * np.log(size / 10)), weights=size**-2) - share)
        return found

    fit = least_squares(misses, [-2.0, 0.5])
    print("misses of the slope's fit, points:", [f"{100 * m:+.1f}" for m in fit.fun])
    return float(fit.x[1]), float(expit(fit.x[0]))


def lived(facts: Facts, copies: int) -> dict:
    """A world from 2015 to the end of 2024, seen on the days of the surveys."""
    sizes = firms.with_large_firms(*firms.establishments(facts, CENSUS_2015, copies))
    model = firms.firms_world(*sizes, facts, CENSUS_2015)
    days = {day for key in (RESULTS, TELEWORK) for day, _ in facts[key].values} | {firms.CENSUS, firms.SURVEY}
    seen = {}
    for day in sorted(days):
        model.live(month_number(day) - model.month)
        table, here = model.businesses, model.businesses.here
        seen[day] = {
            "employees": table.employees[here], "industry": table.industry[here],
            "stage": table.array("businesses.stage")[here], "begun": model.processes[0].begun.copy(),
            "raised": model.month - table.array("businesses.raised")[here] <= 12,
        }  # fmt: skip
    return seen


def level_miss(facts: Facts, seen: dict) -> float:
    """Mean miss over the size classes of June 2023, as a factor of the odds."""
    at, published = seen[firms.SURVEY], facts.table(firms.BY_SIZE, firms.SURVEY)
    found = firms.classes(at["employees"], facts)
    shares = [(at["stage"][inside] > 0).mean() for inside in found.values()]
    misses = {low: share - published[str(low)] for (low, _), share in zip(found.items(), shares, strict=True)}
    print("misses by size, points:", {low: f"{100 * miss:+.1f}" for low, miss in misses.items()})
    slope = firms.logit_slopes(np.log(at["employees"])[:, None], at["stage"] > 0)[0]
    print(f"slope over all sizes {slope:.3f}")
    return float(np.mean(list(misses.values())))


def climbs(facts: Facts, seen: dict, climb: dict[str, float]) -> dict[str, float]:
    """The next guess of the rates of climbing."""
    at = seen[max(seen)]
    users = at["stage"][(at["stage"] > 0) & (at["employees"] <= SMALL)]
    got = np.bincount(users, minlength=5)[1:] / len(users)
    wanted = np.array([facts.table(STAGES, firms.SURVEY)[str(k)] for k in range(1, 5)])
    print("stages wanted and got:", wanted, got.round(3))
    ahead = [(wanted[k + 1 :].sum() / wanted[k]) / (got[k + 1 :].sum() / got[k]) for k in range(3)]
    return {k: min(rate * a, 12.0) for (k, rate), a in zip(climb.items(), ahead, strict=True)}


def base_miss(facts: Facts, seen: dict) -> float:
    """How far the log odds of results lie above the mean of the surveys."""
    got = []
    for day, _ in facts[RESULTS].values:
        at = seen[day]
        users = (at["stage"] > 0) & (at["employees"] <= SMALL)
        got.append(at["raised"][users].mean())
    published = [share for _, share in facts[RESULTS].values]
    print("results published and got:", published, np.round(got, 3))
    return float(logit(np.mean(got)) - logit(np.mean(published)))


def offering(facts: Facts, at: dict) -> np.ndarray:
    """Log odds of offering telework of each business but for the year's level."""
    industry = logit(by_letter(facts, "firms.telework_industry"))
    slope, effect = (facts.number(f"firms.telework_{k}", firms.SURVEY) for k in ("size", "stage"))
    return industry[at["industry"]] + slope * np.log(at["employees"] / 100) + effect * at["stage"]


def by_letter(facts: Facts, key: str) -> np.ndarray:
    """A table by industry in the order of the letters."""
    table = facts.table(key, firms.SURVEY)
    return np.array([table[letter] for letter in sorted(table)])


def telework_jobs(facts: Facts, seen: dict, levels: list[tuple[date, float]]) -> np.ndarray:
    """Share of jobs by industry at which the city's places allow as much telework as Japan did in 2022."""
    day, level = next((day, level) for day, level in levels if day.year == 2022)
    wanted = next(share for when, share in facts[NATION].values if when.year == 2022)
    at, jobs = seen[day], logit(by_letter(facts, "firms.telework_jobs"))
    cities = at["employees"] < firms.LARGEST
    places = (at["employees"] * expit(level + offering(facts, at)))[cities]
    whole, industry = at["employees"][cities].sum(), at["industry"][cities]
    shift = brentq(lambda x: (places * expit(x + jobs)[industry]).sum() / whole - wanted, -3, 5)
    return expit(jobs + shift)


def telework_levels(facts: Facts, seen: dict) -> list[tuple[date, float]]:
    """The level of each survey at which firms of 100 or more offer telework as often as published."""
    levels = []
    for day, share in facts[TELEWORK].values:
        at = seen[day]
        large = (at["employees"] >= LARGE) & (at["employees"] < firms.LARGEST)
        rest = offering(facts, at)
        levels.append((day, brentq(lambda x: expit(x + rest[large]).mean() - share, -8, 4)))  # noqa: B023
    return levels


def main() -> None:
    """Fit a few rounds and print."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--rounds", type=int, default=6)
    ask.add_argument("--copies", type=int, default=4)
    args = ask.parse_args()
    facts = Facts.read()
    slope, at_ten = size_slope(facts)
    print(f"size_slope {slope:.3f}, share at ten persons {at_ten:.3f}\n")
    day = firms.SURVEY
    start, climb = facts.number("firms.start", day), dict(facts.table("firms.climb", day))
    result = dict(facts.table("firms.result", day))
    for _ in range(args.rounds):
        tried = with_values(facts, {"firms.start": start, "firms.climb": climb, "firms.result": result})
        seen = lived(tried, args.copies)
        print(f"start {start:.5f}, climb {climb}, base {result['base']:.3f}")
        start *= np.exp(-level_miss(facts, seen) / STEEP)
        climb = climbs(facts, seen, climb)
        result["base"] -= base_miss(facts, seen)
    at = seen[firms.CENSUS]
    stages = np.bincount(at["stage"], minlength=5)[1:]
    letters = sorted(facts.table("businesses.employees", day))
    begun = ", ".join(f"{letter} = {odds:.3f}" for letter, odds in zip(letters, at["begun"], strict=True))
    print(f"\nbegun 2020-10: {{ {begun} }}\nbegun_stages:", (stages / stages.sum()).round(3))
    levels = telework_levels(facts, seen)
    for since, value in levels:
        print(f"  {{ since = {since}, value = {value:.2f} }},")
    jobs = zip(letters, telework_jobs(facts, seen, levels), strict=True)
    print("telework_jobs:", ", ".join(f"{letter} = {share:.2f}" for letter, share in jobs))


if __name__ == "__main__":
    main()
