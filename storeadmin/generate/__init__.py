"""A store of any size to measure on: invented from a seed, staged in the database, written by bulk SQL."""
