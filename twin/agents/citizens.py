"""Citizens and their households: the columns everybody has."""

from enum import IntEnum

from twin.state import Column, Table


class Role(IntEnum):
    """Place of a citizen in the household."""

    HEAD = 0
    PARTNER = 1
    CHILD = 2
    OTHER = 3  # parent, sibling or other relative of the head
    INMATE = 4  # member of an institutional household (dormitory, care home)


class Day(IntEnum):
    """Where a citizen spends the working day."""

    HOME = 0
    WORK_IN_CITY = 1
    WORK_OUTSIDE = 2
    SCHOOL = 3


class Citizens(Table):
    """Everyone who lives in the city, one row each. Synthetic: no row is a real person."""

    name = "citizens"

    # fmt: off
    id        = Column("u8", "identity",     "stable name of the person; randomness hangs on it")
    here      = Column("?",  "yes/no",       "lives in the city now; False after death or departure", start=False)
    born      = Column("i2", "month number", "month of birth, months since January 1900", low=-240, high=3000)
    sex       = Column("u1", "0/1",          "0 male, 1 female, as the census counts", low=0, high=1)
    household = Column("i4", "household row", "the household the person belongs to", low=-1, start=-1, refers="households")
    role      = Column("u1", "Role",         "place in the household", low=0, high=4)
    town      = Column("i2", "town row",     "town of residence", low=0)
    area      = Column("u1", "area row",     "area of residence", low=0)
    day       = Column("u1", "Day",          "where the working day is spent", low=0, high=3)
    work      = Column("i4", "business row", "workplace in the city, -1 none", low=-1, start=-1, refers="businesses")
    ability   = Column("f4", "standard deviations", "ability with digital things, birth cohort and education; without ageing")
    trust     = Column("f4", "standard deviations", "trust in those who hold data")
    income    = Column("u1", "fifth of the city", "household income band, 1 lowest to 5 highest", low=1, high=5, start=3)
    # fmt: on


class Households(Table):
    """Households, general and institutional."""

    name = "households"

    # fmt: off
    id          = Column("u8", "identity", "stable name of the household")
    town        = Column("i2", "town row", "town of the dwelling", low=0)
    institution = Column("?",  "yes/no",   "institutional household (dormitory, hospital, care home)", start=False)
    # fmt: on
