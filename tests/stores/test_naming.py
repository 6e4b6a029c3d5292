"""What models and fields are called is told to the history of a package, and never to the database."""

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from stores.naming import Called
from tests.conftest import OUR_APPS

BEFORE = ("stores", "0006_saved_views")
LOADER = MigrationLoader(None)
NAMED = [
    migration
    for migration in LOADER.disk_migrations.values()
    if any(isinstance(operation, Called) for operation in migration.operations)
]


def before() -> ProjectState:
    return LOADER.project_state(BEFORE)


def test_a_model_and_its_fields_are_called_so_from_then_on():
    state = before()
    assert state.apps.get_model("stores", "batch")._meta.verbose_name == "batch"

    after = state.clone()
    Called("batch", "change", "changes", title="what it does", undoes="takes back").state_forwards(
        "stores", after
    )

    for one, called in (
        (state, ["batch", "title", "undoes"]),
        (after, ["change", "what it does", "takes back"]),
    ):
        meta = one.apps.get_model("stores", "batch")._meta
        fields = [meta.get_field(name).verbose_name for name in ("title", "undoes")]
        assert [meta.verbose_name, *fields] == called
    assert after.models["stores", "batch"].options["verbose_name_plural"] == "changes"


def test_nothing_else_of_a_field_changes():
    state, after = before(), before()
    for model in ("batch", "member"):
        fields = dict.fromkeys(state.models["stores", model].fields, "x")
        Called(model, "one", "many", **fields).state_forwards("stores", after)
        for name, field in state.models["stores", model].fields.items():
            _, path, args, kwargs = field.deconstruct()
            named = after.models["stores", model].fields[name].deconstruct()
            assert named[1:] == (path, args, {**kwargs, "verbose_name": "x"})


@pytest.mark.django_db
def test_the_database_is_asked_nothing(django_assert_num_queries):
    assert {migration.app_label for migration in NAMED} == set(OUR_APPS)
    operations = [(one.app_label, operation) for one in NAMED for operation in one.operations]
    state = before()
    with django_assert_num_queries(0):
        for app_label, operation in operations:
            assert isinstance(operation, Called)
            operation.database_forwards(app_label, None, state, state)
            operation.database_backwards(app_label, None, state, state)
