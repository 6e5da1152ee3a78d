#!/bin/sh
# codingplan-bar for Genmon in Xfce: name this file as the command of a "Generic Monitor", with a period of 60 seconds.
printf '<txt>%s</txt><txtclick>codingplan-bar open</txtclick>\n' "$(codingplan-bar pango)"
