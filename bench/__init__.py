"""How fast the city lives, against goals, against other ways of writing it, against the machine.

``make bench`` measures and prints one table, each goal met or not met. No test here fails because
something was slow; what can fail is agreement: the same rule must give the same shares however it is
written. Ratios come from one run on one machine.
"""
