#!/usr/bin/env bash
# See that there is a Chromium and a Chinese font for the browser tests.
# Installs them only as root on a system with apt; elsewhere says what to install.
set -euo pipefail

has_chromium() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null && return 0
    done
    return 1
}

has_chinese_font() {
    command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh file)" ]
}

wanted=()
has_chromium || wanted+=(chromium)
has_chinese_font || wanted+=(fonts-noto-cjk fontconfig)
[ ${#wanted[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null
    apt-get install -y -qq --no-install-recommends "${wanted[@]}" </dev/null >/dev/null
    exit 0
fi
echo "The browser tests need ${wanted[*]}, which were not found. Install them with your" \
    "system's package manager (Debian: sudo apt-get install ${wanted[*]})." >&2
exit 1
