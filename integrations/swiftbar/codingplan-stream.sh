#!/bin/sh
# <xbar.title>Coding Plan</xbar.title>
# <xbar.version>v0.1.0</xbar.version>
# <xbar.author>codingplan-bar</xbar.author>
# <xbar.author.github>codingplan-bar</xbar.author.github>
# <xbar.desc>How much of an Alibaba Cloud Coding Plan is used: five hours, week, month.</xbar.desc>
# <xbar.dependencies>codingplan-bar</xbar.dependencies>
# <swiftbar.type>streamable</swiftbar.type>
# <swiftbar.hideAbout>true</swiftbar.hideAbout>
# <swiftbar.hideRunInTerminal>true</swiftbar.hideRunInTerminal>
# <swiftbar.runInBash>false</swiftbar.runInBash>
PATH="$HOME/.local/bin:/opt/homebrew/bin:/usr/local/bin:$PATH"
codingplan-bar --version >/dev/null || {
    printf '%s\n' 'Coding Plan?' --- 'codingplan-bar is not installed, not where this looks for it, or the Python that it was installed with is gone.'
    printf '%s\n' 'Install it: pipx install codingplan-bar (again: pipx reinstall codingplan-bar)' 'It is looked for in ~/.local/bin, /opt/homebrew/bin, /usr/local/bin and the PATH.'
    exit 0
}
until codingplan-bar swiftbar --watch; do sleep 5; done
