"""Columns that the database never holds in clear, texts and files (access.md §4.10)."""

import peewee as pw

from . import sealing


class Sealed(str):
    """A text as `sealing.seal` makes it: the only kind that a `SealedField` lets reach a row."""

    seal, unseal = staticmethod(sealing.seal), staticmethod(sealing.unseal)


class SealedBytes(bytes):
    """The same for the content of a file, in a `SealedBytesField`."""

    seal, unseal = staticmethod(sealing.seal_bytes), staticmethod(sealing.unseal_bytes)


class _Opening(pw.FieldAccessor):
    """Seals what is written on an entity, and opens what is read of it, at its very place."""

    def __get__(self, instance, instance_type=None):
        if instance is None:
            return self.field
        sealed = instance.__data__.get(self.name)
        return sealed and self.field.sealed.unseal(sealed, place(instance, self.field))

    def __set__(self, instance, value):
        sealed = self.field.sealed
        if value is not None and not isinstance(value, sealed):
            value = sealed(sealed.seal(value, place(instance, self.field)))
        super().__set__(instance, value)


class SealedColumn:
    """Read and written in clear on its entity, sealed in the database.

    It can be neither searched nor ordered by: a fingerprint beside it finds it again. A query that
    would write it in clear is refused.
    """

    accessor_class = _Opening

    def db_value(self, value):
        if value is None or isinstance(value, self.sealed):
            return super().db_value(value)
        raise TypeError(f"{self.name}: set it on the entity, which seals it")

    def python_value(self, value):
        return value if value is None else self.sealed(value)


class SealedField(SealedColumn, pw.TextField):
    """A text."""

    sealed = Sealed


class SealedBytesField(SealedColumn, pw.BlobField):
    """The content of a file."""

    sealed = SealedBytes


def kept(entity, name):
    """What the row holds of this column, still sealed; None when it holds nothing."""
    return entity.__data__.get(name)


def place(entity, field):
    """Where a text is sealed: moved to another row or column, it no longer opens."""
    return f"{entity._meta.table_name}·{entity.code}·{field.column_name}"
