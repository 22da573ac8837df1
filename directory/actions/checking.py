"""What the columns and constraints of a row say is wrong with it, as a refusal with a sentence a field."""

from collections.abc import Iterable

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from accounts.errors import InvalidInput


def check_fields(row: Model, given: Iterable[str]) -> None:
    """InvalidInput if one of the `given` fields cannot be kept as it is, or the row as a whole breaks a rule."""
    others = {field.name for field in row._meta.fields} - set(given)
    try:
        row.clean_fields(exclude=others)
        row.validate_constraints()
    except ValidationError as wrong:
        fields = dict(_by_field(wrong))
        raise InvalidInput(" ".join(dict.fromkeys(fields.values())), fields=fields) from wrong


def _by_field(wrong: ValidationError) -> Iterable[tuple[str, str]]:
    """A constraint's code names the field that its sentence belongs beside."""
    for name, errors in wrong.error_dict.items():
        for error in errors:
            field = error.code if name == NON_FIELD_ERRORS and error.code else name
            yield field, " ".join(map(str, error.messages))
