"""`manage.py roll_year`: bring Spent -1Y of every store up to today; for a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand

from customers import figures
from stores.models import Store


class Command(BaseCommand):
    help = "Roll the year of every store up to its today. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        for store in Store.objects.order_by("pk"):
            days = figures.roll(store)
            self.stdout.write(f"{store.slug}: {days} days rolled, through {figures.through(store)}")
