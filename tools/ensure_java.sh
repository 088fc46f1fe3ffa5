#!/usr/bin/env bash
# See that there is a Java 17 or newer for the tests on Spark.
# Installs it only as root on a system with apt; elsewhere says what to install.
set -euo pipefail

java_version() {
    java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1
}

if command -v java >/dev/null && [ "$(java_version)" -ge 17 ] 2>/dev/null; then
    exit 0
fi
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null
    apt-get install -y -qq --no-install-recommends default-jre-headless </dev/null >/dev/null
    exit 0
fi
echo "The tests on Spark need Java 17 or newer: install it with your system's package" \
    "manager (Debian: sudo apt-get install default-jre-headless)." >&2
exit 1
