"""Getting around: which way people go, how long they wait, what a fleet can carry, how full the roads are."""
