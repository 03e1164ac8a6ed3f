"""Getting around: how long ways take, who chooses which, and what streets and vehicles can bear."""
