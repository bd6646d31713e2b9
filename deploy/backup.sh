#!/usr/bin/env bash
# backup.sh FOLDER: a dated dump of the site's database, what people delivered by it, and a mirror of the store.
# Reads DAUHIEU_STORE, DAUHIEU_DATA and DAUHIEU_DATABASE as the services do. Keys are not copied.
set -euo pipefail
to=${1:?usage: backup.sh FOLDER}
: "${DAUHIEU_STORE:?names no folder}" "${DAUHIEU_DATA:?names no folder}"
programs=${DAUHIEU_PROGRAMS:-/opt/dauhieu/.venv/bin}
umask 077
mkdir -p "$to/database" "$to/data"
site=site.sqlite3
[ "${DAUHIEU_PRACTICE:-0}" = 0 ] || site=practice.sqlite3
now=$(date -u +%Y-%m-%dT%H%M%SZ)

# The database first: what it says of the store is then in the mirror, whatever lands meanwhile.
if [ -n "${DAUHIEU_DATABASE:-}" ]; then
    dump=$to/database/$now.dump
    pg_dump --format=custom --no-owner --file="$dump.half" --dbname="$DAUHIEU_DATABASE"
else
    dump=$to/database/$now.sqlite3
    "$programs/python" - "$DAUHIEU_DATA/$site" "$dump.half" <<'PYTHON'
import sqlite3
import sys

site, copy = sqlite3.connect(sys.argv[1]), sqlite3.connect(sys.argv[2])
site.backup(copy)
copy.close()
PYTHON
fi
mv "$dump.half" "$dump"

cp -a "$DAUHIEU_DATA/." "$to/data/"
# The database lies in its dump; that of practice beside the real one, or of real beside practice, is not this site's.
rm -f "$to/data/site.sqlite3"* "$to/data/practice.sqlite3"*
# Files which are handed out are deleted after a day; a copy would outlive them.
rm -rf "$to/data/exports"
"$programs/dauhieu" store mirror "$DAUHIEU_STORE" "$to/store" >&2
# Whether a backup was made lately is a line of the doctor.
printf '%s\n' "$now" >"$DAUHIEU_DATA/last-backup"
printf '%s\n' "$dump"
