"""The worker's turn at a batch."""

from django_tasks import task

from stores.batches import work

# Then other tasks get their turn.
TURN_SECONDS = 20


@task()
def run_batch(batch_id: int) -> None:
    """Work on a batch for a turn, and queue it again if there is more to do."""
    if work.run(batch_id, seconds=TURN_SECONDS):
        run_batch.enqueue(batch_id)


def take_up_abandoned() -> int:
    """Queue the batches whose worker is gone; how many."""
    keys = work.abandoned()
    for key in keys:
        run_batch.enqueue(key)
    return len(keys)
