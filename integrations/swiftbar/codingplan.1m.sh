#!/bin/sh
# <xbar.title>Coding Plan</xbar.title>
# <xbar.version>v0.1.0</xbar.version>
# <xbar.author>codingplan-bar</xbar.author>
# <xbar.author.github>codingplan-bar</xbar.author.github>
# <xbar.desc>How much of an Alibaba Cloud Coding Plan is used: five hours, week, month.</xbar.desc>
# <xbar.dependencies>codingplan-bar</xbar.dependencies>
# <xbar.var>select(VAR_FORMAT="config.toml"): What the line shows. [config.toml, minimal, compact, full, bars]</xbar.var>
# <xbar.var>select(VAR_SHOW="config.toml"): Percentages count up (used) or down (remaining). [config.toml, used, remaining]</xbar.var>
# <xbar.var>select(VAR_ICONS="config.toml"): The signs in front of what worries. [config.toml, none, nerd, emoji]</xbar.var>
# <xbar.var>select(VAR_LANGUAGE="config.toml"): The language. [config.toml, auto, en, zh]</xbar.var>
# <swiftbar.hideAbout>true</swiftbar.hideAbout>
# <swiftbar.hideRunInTerminal>true</swiftbar.hideRunInTerminal>
# <swiftbar.hideLastUpdated>true</swiftbar.hideLastUpdated>
# <swiftbar.runInBash>false</swiftbar.runInBash>
for name in FORMAT SHOW ICONS LANGUAGE; do # what the settings form of the menu bar says, where it says something
    said=$(printenv "VAR_$name")
    [ "${said:-config.toml}" = config.toml ] || export "CODINGPLAN_BAR_$name=$said"
done
PATH="$HOME/.local/bin:/opt/homebrew/bin:/usr/local/bin:$PATH"
codingplan-bar swiftbar && exit 0
printf '%s\n' 'Coding Plan?' --- 'codingplan-bar is not installed, not where this looks for it, or the Python that it was installed with is gone. | refresh=true'
printf '%s\n' 'Install it: pipx install codingplan-bar (again: pipx reinstall codingplan-bar) | refresh=true' 'It is looked for in ~/.local/bin, /opt/homebrew/bin, /usr/local/bin and the PATH. | refresh=true'
