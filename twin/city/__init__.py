"""The city: wards, areas, towns, streets, stations, places; reading, building, checking, drawing."""
