"""What models and their fields are called, as migrations tell it: no database knows."""

from typing import Any

from django.db.migrations.operations.base import Operation


class Called(Operation):
    """Says what a model, many of it, and some of its fields are called from now on.

    One of these stands for an operation on the model and one on each field, none of which would
    change anything in the database; the state of the models is worked out once after all of them.
    """

    def __init__(self, model: str, one: str, many: str, **fields: str):
        self.model = model
        self.one = one
        self.many = many
        self.fields = fields

    def state_forwards(self, app_label: str, state: Any) -> None:
        model = state.models[app_label, self.model]
        model.options = {
            **model.options,
            "verbose_name": self.one,
            "verbose_name_plural": self.many,
        }
        for name, words in self.fields.items():
            _, _, args, kwargs = model.fields[name].deconstruct()
            model.fields[name] = type(model.fields[name])(
                *args, **{**kwargs, "verbose_name": words}
            )
        state._relations = None
        state.__dict__.pop("apps", None)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Nothing to do."""

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Nothing to do."""

    def describe(self) -> str:
        return f"Say what {self.model} and its fields are called"
