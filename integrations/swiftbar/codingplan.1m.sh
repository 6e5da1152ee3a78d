#!/bin/sh
# <xbar.title>Coding Plan</xbar.title>
# <xbar.version>v0.1.0</xbar.version>
# <xbar.author>codingplan-bar</xbar.author>
# <xbar.desc>How much of an Alibaba Cloud Coding Plan is used: five hours, week, month.</xbar.desc>
# <xbar.dependencies>codingplan-bar</xbar.dependencies>
# <swiftbar.hideAbout>true</swiftbar.hideAbout>
# <swiftbar.hideRunInTerminal>true</swiftbar.hideRunInTerminal>
# <swiftbar.hideLastUpdated>true</swiftbar.hideLastUpdated>
# <swiftbar.runInBash>false</swiftbar.runInBash>
PATH="$HOME/.local/bin:/opt/homebrew/bin:/usr/local/bin:$PATH"
exec codingplan-bar swiftbar
