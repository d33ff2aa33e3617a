"""The tables of a projection as SQL, and the common table of positions."""

# ruff: noqa: S608 - names are quoted, values are parameters

from typing import Any

from projections.projection import Column, Derived, Projection, Table

COMMON = """
CREATE SCHEMA IF NOT EXISTS commandpost;
CREATE TABLE IF NOT EXISTS commandpost.projection (
    schema text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    version integer NOT NULL,
    position bigint NOT NULL,
    build bigint NOT NULL,
    built timestamptz NOT NULL DEFAULT now(),
    updated timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE commandpost.projection ADD COLUMN IF NOT EXISTS mark text NOT NULL DEFAULT '';
CREATE TABLE IF NOT EXISTS commandpost.unreadable (
    schema text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    subject text NOT NULL,
    code text NOT NULL,
    reason text NOT NULL,
    tags text[] NOT NULL,
    judge text NOT NULL,
    PRIMARY KEY (schema, position)
);
CREATE TABLE IF NOT EXISTS commandpost.snapshot (
    kind text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    code text NOT NULL,
    position bigint NOT NULL,
    stamp text NOT NULL,
    state bytea NOT NULL,
    updated timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, stream)
);
CREATE TABLE IF NOT EXISTS commandpost.token_use (
    id text COLLATE "C" PRIMARY KEY,
    used timestamptz NOT NULL
);
"""
"""`mark` tells what stands in the log at `position` from anything else; one of another position
was left by an older release, and says nothing. `build` changes whenever the tables of a schema are
replaced, and fences out whoever has read the former ones. What no row of a schema shows, because it
could not be read, stands beside it.
"""

ORDER, GONE = "_n", "_gone"
"""Extra columns while tables are built: the order of arrival, and whether a row is a removal."""

_PLAIN = ("bigint", "integer", "double precision", "boolean")
_TYPES = frozenset((*_PLAIN, "text", "text[]", "timestamptz", "bytea", "jsonb"))


Shape = frozenset[tuple[str, ...]]
"""The tables of a schema by their columns: table, column, type."""
SHAPES = """
SELECT projection.schema, array_agg(ARRAY[
    class.relname::text, attname::text, replace(
        format_type(atttypid, NULL), 'timestamp with time zone', 'timestamptz'
    )
]) AS columns
FROM commandpost.projection JOIN pg_class AS class
    ON class.relnamespace = to_regnamespace(quote_ident(projection.schema)) AND relkind = 'r'
JOIN pg_attribute ON attrelid = class.oid AND attnum > 0 AND NOT attisdropped
GROUP BY projection.schema
"""


def shape(projection: Projection[Any]) -> Shape:
    """The shape that the tables of a projection are to have."""
    return frozenset(
        (table.name, column.name, column.type)
        for table in projection.tables
        for columns in (table.columns, table.derived)
        for column in columns
    )


def quoted(name: str) -> str:
    """An identifier as PostgreSQL reads it literally."""
    return '"' + name.replace('"', '""') + '"'


def qualified(schema: str, table: str) -> str:
    """A table's name with its schema, quoted."""
    return f"{quoted(schema)}.{quoted(table)}"


def names(columns: tuple[Column, ...]) -> str:
    """Column names, quoted, with commas."""
    return ", ".join(quoted(column.name) for column in columns)


def key_names(table: Table) -> str:
    """The primary key's columns, quoted, with commas."""
    return names(table.columns[: table.keys])


def create(schema: str, projection: Projection[Any], *, loose: bool = False) -> str:
    """An empty schema; `loose` ones take rows in any order and number, until `finish`."""
    parts = [f"CREATE SCHEMA {quoted(schema)}"]
    for table in projection.tables:
        assert 0 < table.keys <= len(table.columns), f"{projection.name}.{table.name}: no key"
        if loose:
            parts.append(strict(schema, table) if table.once else _loose(schema, table))
        else:
            parts += [strict(schema, table), *indexes(schema, table)]
    return ";\n".join(parts)


def strict(schema: str, table: Table) -> str:
    """A table with its primary key, which refuses nulls where none are declared."""
    columns = [_declared(column, null=column.null) for column in table.columns]
    columns += map(_derived, table.derived)
    return (
        f"CREATE TABLE {qualified(schema, table.name)}"
        f" ({', '.join(columns)}, PRIMARY KEY ({key_names(table)}))"
    )


def indexes(schema: str, table: Table) -> list[str]:
    """The indexes of a table beside its primary key."""
    name = qualified(schema, table.name)
    ordered = [", ".join(map(quoted, columns)) for columns in table.indexes]
    return [
        *(f"CREATE INDEX ON {name} ({columns})" for columns in ordered),
        *(f"CREATE INDEX ON {name} USING gin ({quoted(each)})" for each in table.inverted),
    ]


def tighten(schema: str, table: Table) -> str:
    """Make a loose table a strict one; fails if its rows are not unique."""
    refusals = [
        f"ALTER {quoted(column.name)} SET NOT NULL" for column in table.columns if not column.null
    ]
    changes = [f"DROP {ORDER}", f"DROP {GONE}", *refusals, f"ADD PRIMARY KEY ({key_names(table)})"]
    return f"ALTER TABLE {qualified(schema, table.name)} {', '.join(changes)}"


def compact(schema: str, table: Table) -> list[str]:
    """Replace a loose table by a strict one that holds the last row of each key."""
    name, loose = qualified(schema, table.name), f"{table.name}_loose"
    key, columns = key_names(table), names(table.columns)
    latest = (
        f"SELECT DISTINCT ON ({key}) * FROM {qualified(schema, loose)} ORDER BY {key}, {ORDER} DESC"
    )
    return [
        f"ALTER TABLE {name} RENAME TO {quoted(loose)}",
        strict(schema, table),
        f"INSERT INTO {name} SELECT {columns} FROM ({latest}) AS latest WHERE NOT {GONE}",
        f"DROP TABLE {qualified(schema, loose)}",
    ]


def _loose(schema: str, table: Table) -> str:
    columns = [_declared(column, null=True) for column in table.columns]
    columns += map(_derived, table.derived)
    # Sequence values are taken 1,000 at a time: drawing each one costs a tenth of the COPY.
    return (
        f"CREATE TABLE {qualified(schema, table.name)} ({', '.join(columns)},"
        f" {ORDER} bigint GENERATED ALWAYS AS IDENTITY (CACHE 1000),"
        f" {GONE} boolean NOT NULL DEFAULT false)"
    )


def _derived(column: Derived) -> str:
    return f"{quoted(column.name)} {column.type} GENERATED ALWAYS AS ({column.sql}) STORED"


def _declared(column: Column, *, null: bool) -> str:
    assert column.type in _TYPES, f"column {column.name} has the unknown type {column.type}"
    # Byte order: the same on every machine, and cheaper to sort and to look up.
    collation = ' COLLATE "C"' if column.type.startswith("text") else ""
    return f"{quoted(column.name)} {column.type}{collation}{'' if null else ' NOT NULL'}"
