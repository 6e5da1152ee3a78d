#!/usr/bin/env bash
# The same by somebody who counts processes: one jq reads and writes all of it, and no value passes through the shell.
set -euo pipefail
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/codingplan-bar/snapshot.json"
jq -c '
  def share: .used / .total * 100 | round;
  def left: (.resets_at // empty | fromdate - now | floor) as $s
    | "  resets in \($s / 86400 | floor)d \($s % 86400 / 3600 | floor)h \($s % 3600 / 60 | floor)m";
  def line: "\(.key) \(.value | share)%  \(.value.total - .value.used) of \(.value.total) left\(.value | left // "")";
  (.windows | to_entries) as $w | ($w | map(.value | share) | max) as $top
  | {text: ($w | map("\(.key[:2]) \(.value | share)%") | join(" · ")),
     tooltip: ([.plan.name | @html] + ($w | map(line)) | join("\n")),
     class: (if $top >= 90 then "critical" elif $top >= 75 then "warning" else "ok" end), percentage: $top}' "$CACHE"
