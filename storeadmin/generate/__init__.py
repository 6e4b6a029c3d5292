"""A store of any size to measure on: invented from a seed, staged, written by bulk SQL."""
