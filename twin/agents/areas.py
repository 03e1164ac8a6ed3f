"""Areas as rows: what a process keeps of every neighbourhood; names and borders are the city's."""

from twin.state import Column, Table


class Areas(Table):
    """The areas of the city, one row each in the city's order; processes add what they follow of them."""

    name = "areas"

    # fmt: off
    ward = Column("u1", "ward row", "ward the area lies in", low=0)
    # fmt: on
