"""Frozen records: to a type checker `typing.NamedTuple`, to the interpreter the same, made sooner.

`typing` writes a program for each such class and has it compiled: for the forty classes of
a plan that takes longer than the interpreter takes to start, and so at every boot and at
every event of a VF.  A record here is a tuple with names as there, and without `_make`,
`_field_defaults` and what pattern matching needs.
"""

from __future__ import annotations

__all__ = ["TYPE_CHECKING", "NamedTuple"]

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    try:
        # The one that collections.namedtuple() takes, in C.
        from _collections import _tuplegetter
    except ImportError:
        from operator import itemgetter

        def _tuplegetter(place, doc):
            return property(itemgetter(place), doc=doc)

    class _Made(type):
        """Makes a class of records from its annotations, which are in the order of the fields."""

        def __new__(meta, name, bases, namespace):
            if not bases:
                return type.__new__(meta, name, (tuple,), namespace)
            fields = tuple(namespace.get("__annotations__", ()))
            required = tuple(one for one in fields if one not in namespace)
            defaults = tuple(namespace[one] for one in fields[len(required) :])
            for place, field in enumerate(fields):
                namespace[field] = _tuplegetter(place, None)
            namespace.update(_fields=fields, _defaults=defaults, __slots__=())
            return type.__new__(meta, name, bases, namespace)

    class NamedTuple(metaclass=_Made):
        """A tuple whose elements have names; `_fields` has them in order."""

        __slots__ = ()

        def __new__(cls, *given, **named):
            """A record; TypeError for a field that is missing, unknown or given twice."""
            fields = cls._fields
            if named or len(given) != len(fields):
                given = _completed(cls, given, named)
            return tuple.__new__(cls, given)

        def _replace(self, **changed):
            """A record with other values for some of the fields."""
            fields = self._fields
            if unknown := changed.keys() - set(fields):
                raise ValueError(f"Got unexpected field names: {sorted(unknown)}")
            values = (changed.get(name, value) for name, value in zip(fields, self))
            return tuple.__new__(type(self), values)

        def _asdict(self):
            """The values by name, in order."""
            return dict(zip(self._fields, self))

        def __repr__(self):
            values = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({values})"

        def __getnewargs__(self):
            return tuple(self)

    def _completed(cls, given, named):
        """The values of all fields."""
        fields, defaults = cls._fields, cls._defaults
        values = dict(zip(fields[len(fields) - len(defaults) :], defaults))
        values.update(zip(fields, given))
        twice = [one for one in fields[: len(given)] if one in named]
        values.update(named)
        if len(given) > len(fields) or twice or len(values) != len(fields):
            missing = [one for one in fields if one not in values]
            wrong = [*twice, *(one for one in named if one not in fields), *missing]
            raise TypeError(
                f"{cls.__name__} takes {', '.join(fields)}, "
                f"and what does not fit is {', '.join(wrong) or f'{len(given)} values'}"
            )
        return [values[one] for one in fields]
