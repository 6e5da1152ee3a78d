#!/bin/sh
# <xbar.title>Coding Plan</xbar.title>
# <xbar.version>v0.1.0</xbar.version>
# <xbar.author>codingplan-bar</xbar.author>
# <xbar.author.github>codingplan-bar</xbar.author.github>
# <xbar.desc>How much of an Alibaba Cloud Coding Plan is used: five hours, week, month.</xbar.desc>
# <xbar.dependencies>codingplan-bar</xbar.dependencies>
PATH="$HOME/.local/bin:/opt/homebrew/bin:/usr/local/bin:$PATH"
command -v codingplan-bar >/dev/null || {
    printf '%s\n' 'Coding Plan?' --- 'codingplan-bar is not installed, or not where this looks for it.'
    printf '%s\n' 'Install it: pipx install codingplan-bar' 'It is looked for in ~/.local/bin, /opt/homebrew/bin, /usr/local/bin and the PATH.'
    exit 0
}
exec codingplan-bar xbar
