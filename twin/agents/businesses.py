"""Businesses: private establishments, one row each."""

from twin.state import Column, Table


class Businesses(Table):
    """Private establishments of the 2021 economic census. Synthetic: no row is a real firm.

    One that closes keeps its row, without employees, until the April that frees rows.
    """

    name = "businesses"

    # fmt: off
    id        = Column("u8", "identity",     "stable name of the establishment")
    here      = Column("?",  "yes/no",       "in business now; False once closed", start=True)
    industry  = Column("u1", "industry row", "industry of the economic census", low=0)
    employees = Column("i4", "persons",      "persons engaged, whether they live in the city or not; 0 once closed", low=0, start=1)
    town      = Column("i2", "town row",     "town where it stands", low=0)
    area      = Column("u1", "area row",     "area where it stands", low=0)
    # fmt: on
