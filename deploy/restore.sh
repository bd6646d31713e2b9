#!/usr/bin/env bash
# restore.sh FOLDER [DUMP]: puts back what backup.sh has kept, where nothing is; the newest dump if none is named.
# Reads DAUHIEU_STORE, DAUHIEU_DATA and DAUHIEU_DATABASE as the services do.
set -euo pipefail
from=${1:?usage: restore.sh FOLDER [DUMP]}
: "${DAUHIEU_STORE:?names no folder}" "${DAUHIEU_DATA:?names no folder}"
programs=${DAUHIEU_PROGRAMS:-/opt/dauhieu/.venv/bin}
dump=${2:-$(find "$from/database" -type f \( -name '*.dump' -o -name '*.sqlite3' \) | sort | tail -n 1)}
[ -f "$dump" ] || { echo "There is no dump in $from/database." >&2; exit 1; }
for folder in "$DAUHIEU_STORE" "$DAUHIEU_DATA"; do
    if [ -n "$(ls -A "$folder" 2>/dev/null)" ]; then
        echo "$folder is not empty. Move it away first: nothing is overwritten." >&2
        exit 1
    fi
done
if [ -n "${DAUHIEU_DATABASE:-}" ]; then
    tables=$(psql "$DAUHIEU_DATABASE" -Atc "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    [ "$tables" = 0 ] || { echo "The database holds tables. Make an empty one first: nothing is overwritten." >&2; exit 1; }
fi
umask 077
mkdir -p "$DAUHIEU_STORE" "$DAUHIEU_DATA"
cp -a "$from/data/." "$DAUHIEU_DATA/"
cp -a "$from/store/." "$DAUHIEU_STORE/"
if [ -n "${DAUHIEU_DATABASE:-}" ]; then
    pg_restore --exit-on-error --no-owner --dbname="$DAUHIEU_DATABASE" "$dump"
else
    site=site.sqlite3
    [ "${DAUHIEU_PRACTICE:-0}" = 0 ] || site=practice.sqlite3
    cp "$dump" "$DAUHIEU_DATA/$site"
fi
"$programs/dauhieu-web" migrate -v 0
"$programs/dauhieu" store verify "$DAUHIEU_STORE"
"$programs/dauhieu-web" trail verify
