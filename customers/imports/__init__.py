"""Customers out of a file.

`headers` tells which column is which field, `lines` reads a line, `judging` says what it would
change; all three touch nothing. `file` opens a file, `records` reads it on from chunk to chunk,
`staging` writes down what each line comes to, `applying` does it, `undoing` takes it back; `kinds`
makes batches of them.
"""
