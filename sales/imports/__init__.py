"""Sales out of a file.

`streaming` writes them line by line, from the shell. On the page they are a batch: `file` opens the
file, `records` reads it on from chunk to chunk, `staging` writes down what each line comes to,
`people` and `matching` tell whom and what its names mean, `choosing` takes the owner's word on
products, `applying` does it, `undoing` takes it back; `kinds` makes batches of them.
"""
