"""The role by which the service uses its database: it owns the rows and rules over nothing else.

Whoever gets SQL into a superuser's session runs programs and reads files (PostgreSQL manual, 21.2
"Role Attributes" and 21.5 "Predefined Roles"). So the superuser's password stays with whoever
starts the server, and that of this role is derived from it, one way.
"""

import hashlib
import hmac
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import asyncpg

ROLE = "commandpost_service"
ToDatabase = Callable[[str], AbstractAsyncContextManager[asyncpg.Connection]]
"""Connects with the database of a name."""

# The rows of an earlier release belong to the superuser, who made them.
_HAND_OVER = """
DO $$
DECLARE it record;
BEGIN
  FOR it IN
    SELECT nspname FROM pg_namespace
    WHERE nspowner = current_user::regrole AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  LOOP
    EXECUTE format('ALTER SCHEMA %I OWNER TO [role]', it.nspname);
  END LOOP;
  FOR it IN
    SELECT nspname, relname FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace
    WHERE relowner = current_user::regrole AND relkind IN ('r', 'p', 'v', 'm')
    AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  LOOP
    EXECUTE format('ALTER TABLE %I.%I OWNER TO [role]', it.nspname, it.relname);
  END LOOP;
  FOR it IN
    SELECT proc.oid::regprocedure AS name
    FROM pg_proc AS proc JOIN pg_namespace AS space ON space.oid = pronamespace
    WHERE proowner = current_user::regrole
    AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  LOOP
    EXECUTE format('ALTER ROUTINE %s OWNER TO [role]', it.name);
  END LOOP;
END $$
""".replace("[role]", ROLE)


def service_password(of_superuser: str) -> str:
    """The password of the role, from that of the superuser; not the other way round."""
    return hmac.new(of_superuser.encode(), ROLE.encode(), hashlib.sha256).hexdigest()


async def prepare_database(
    superuser: asyncpg.Connection, name: str, password: str, connect: ToDatabase
) -> None:
    """Make the role and the database where they are missing. The role owns the database; it may
    drop it, whatever is at work there (hence `pg_signal_backend`), and make it anew. `superuser` is
    connected with another database, and connects with this one where an earlier release has made
    it: the database itself is handed over last. Raises `asyncpg.PostgresError`.
    """
    if not await superuser.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", ROLE):
        rights = "LOGIN CREATEDB IN ROLE pg_signal_backend"
        await superuser.execute(f"CREATE ROLE {ROLE} {rights} PASSWORD '{password}'")
    owner = await superuser.fetchval(
        "SELECT datdba::regrole::text FROM pg_database WHERE datname = $1", name
    )
    if owner is None:
        await superuser.execute(f"CREATE DATABASE {name} OWNER {ROLE}")
    elif owner != ROLE:
        async with connect(name) as inside:
            await inside.execute(_HAND_OVER)
        await superuser.execute(f"ALTER DATABASE {name} OWNER TO {ROLE}")
