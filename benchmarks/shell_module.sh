#!/usr/bin/env bash
# A status-bar module of the usual kind, as people write them for waybar: bash, curl and jq, a cache file, a value at a
# time. It prints the same plan from the same snapshot. Here its cache is always fresh, so that curl is never reached.
set -euo pipefail

CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/codingplan-bar/snapshot.json"

# With the word `frugal`, the same by somebody who counts processes: one jq reads and writes all of it, and no value
# passes through the shell.
if [ "${1:-}" = frugal ]; then
    jq -c '
  def share: .used / .total * 100 | round;
  def left: (.resets_at // empty | fromdate - now | floor) as $s
    | "  resets in \($s / 86400 | floor)d \($s % 86400 / 3600 | floor)h \($s % 3600 / 60 | floor)m";
  def line: "\(.key) \(.value | share)%  \(.value.total - .value.used) of \(.value.total) left\(.value | left // "")";
  (.windows | to_entries) as $w | ($w | map(.value | share) | max) as $top
  | {text: ($w | map("\(.key[:2]) \(.value | share)%") | join(" · ")),
     tooltip: ([.plan.name | @html] + ($w | map(line)) | join("\n")),
     class: (if $top >= 90 then "critical" elif $top >= 75 then "warning" else "ok" end), percentage: $top}' "$CACHE"
    exit
fi

MAX_AGE=86400
URL="https://console.example.invalid/data/api.json"

now=$(date +%s)
age=$((now - $(stat -c %Y "$CACHE" 2>/dev/null || echo 0)))
if [ "$age" -gt "$MAX_AGE" ]; then
    curl -sf --max-time 10 "$URL" >"$CACHE.tmp" && mv "$CACHE.tmp" "$CACHE"
fi

field() { jq -r "$1" "$CACHE"; }

escape() { sed -e 's/&/\&amp;/g' -e 's/</\&lt;/g' -e 's/>/\&gt;/g' <<<"$1"; }

bar() {
    local filled=$(($1 / 10))
    printf '%s' "$(printf '▰%.0s' $(seq 1 $filled))$(printf '▱%.0s' $(seq 1 $((10 - filled))))"
}

countdown() {
    local left=$(($(date -d "$1" +%s) - now))
    printf '%dd %dh %dm' $((left / 86400)) $((left % 86400 / 3600)) $((left % 3600 / 60))
}

plan=$(escape "$(field '.plan.name // "Coding Plan"')")
text="" tooltip="<b>$plan</b>" highest=0
for window in five_hour weekly monthly; do
    used=$(field ".windows.$window.used")
    total=$(field ".windows.$window.total")
    resets=$(field ".windows.$window.resets_at // empty")
    percent=$(awk -v u="$used" -v t="$total" 'BEGIN { printf "%.0f", u / t * 100 }')
    [ "$percent" -gt "$highest" ] && highest=$percent
    label=$(echo "$window" | sed -e 's/five_hour/5h/' -e 's/weekly/wk/' -e 's/monthly/mo/')
    text="$text${text:+ · }$label $percent%"
    line=$(printf '%-8s %s %3d%%  %d of %d left' "$label" "$(bar "$percent")" "$percent" $((total - used)) "$total")
    [ -n "$resets" ] && line="$line  resets in $(countdown "$resets") ($(date -d "$resets" '+%a %H:%M'))"
    tooltip="$tooltip"$'\n'"$line"
done
updated=$(date -d "$(field .fetched_at)" '+%H:%M')
tooltip="$tooltip"$'\n'"updated $updated"

class=ok
[ "$highest" -ge 75 ] && class=warning
[ "$highest" -ge 90 ] && class=critical

jq -nc --arg text "$text" --arg tooltip "$tooltip" --arg class "$class" --argjson percentage "$highest" \
    '{text: $text, tooltip: $tooltip, class: $class, percentage: $percentage}'
