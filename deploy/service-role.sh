#!/bin/sh
# For the image of PostgreSQL, which runs it once, on an empty volume: the role by which the service
# connects owns its database and rules over nothing else.
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv password COMMANDPOST_DATABASE_PASSWORD
CREATE ROLE commandpost LOGIN PASSWORD :'password';
ALTER DATABASE commandpost OWNER TO commandpost;
SQL
