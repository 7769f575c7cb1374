"""Columns whose text the database never holds in clear (access.md §4.10)."""

import peewee as pw

from . import sealing


class Sealed(str):
    """A text as `sealing.seal` makes it: the only kind that a `SealedField` lets reach a row."""


class _Opening(pw.FieldAccessor):
    """Seals what is written on an entity, and opens what is read of it, at its very place."""

    def __get__(self, instance, instance_type=None):
        if instance is None:
            return self.field
        sealed = instance.__data__.get(self.name)
        return sealed and sealing.unseal(sealed, place(instance, self.field))

    def __set__(self, instance, value):
        if value is not None and not isinstance(value, Sealed):
            value = Sealed(sealing.seal(value, place(instance, self.field)))
        super().__set__(instance, value)


class SealedField(pw.TextField):
    """Text read and written in clear on its entity, sealed in the database.

    It can be neither searched nor ordered by: a fingerprint beside it finds it again. A query that
    would write clear text is refused.
    """

    accessor_class = _Opening

    def db_value(self, value):
        if value is None or isinstance(value, Sealed):
            return value
        raise TypeError(f"{self.name}: set it on the entity, which seals it")

    def python_value(self, value):
        return value if value is None else Sealed(value)


def kept(entity, name):
    """What the row holds of this column, still sealed; None when it holds nothing."""
    return entity.__data__.get(name)


def place(entity, field):
    """Where a text is sealed: moved to another row or column, it no longer opens."""
    return f"{entity._meta.table_name}·{entity.code}·{field.column_name}"
