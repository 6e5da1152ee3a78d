#!/bin/sh
# codingplan-bar for tmux, as a plugin of TPM: puts the commands where the status line has the placeholders
# #{codingplan}, #{codingplan_5h}, #{codingplan_week} and #{codingplan_month}.

option() { # NAME DEFAULT
    value=$(tmux show-option -gqv "$1")
    printf '%s' "${value:-$2}"
}

quoted() { # a word for sh inside #( ), where # and % have a meaning of their own
    printf "'%s'" "$(printf '%s' "$1" | sed -e "s/'/'\\\\''/g" -e 's/%/%%/g' -e 's/#/##/g')"
}

replaced() { # TEXT PLACEHOLDER COMMAND: all occurrences, nothing in them special
    rest=$1
    done=
    while :; do
        case $rest in
            *"$2"*) done=$done${rest%%"$2"*}$3 rest=${rest#*"$2"} ;;
            *) break ;;
        esac
    done
    printf '%s' "$done$rest"
}

filled() { # a status string with the commands in the place of the placeholders
    text=$(replaced "$1" '#{codingplan}' "#($command tmux$watch)")
    text=$(replaced "$text" '#{codingplan_5h}' "#(CODINGPLAN_BAR_WINDOWS=five_hour $command tmux$watch)")
    text=$(replaced "$text" '#{codingplan_week}' "#(CODINGPLAN_BAR_WINDOWS=weekly $command tmux$watch)")
    replaced "$text" '#{codingplan_month}' "#(CODINGPLAN_BAR_WINDOWS=monthly $command tmux$watch)"
}

needed() { # how many columns the placeholders of a status string may take
    columns=0
    rest=$1
    while :; do
        case $rest in
            *'#{codingplan}'*) columns=$((columns + 48)) rest=$(printf '%s' "$rest" | sed 's/#{codingplan}//') ;;
            *'#{codingplan_'*) columns=$((columns + 16)) rest=$(printf '%s' "$rest" | sed 's/#{codingplan_//') ;;
            *) break ;;
        esac
    done
    echo "$columns"
}

command=$(quoted "$(option @codingplan_command codingplan-bar)")
case $(option @codingplan_watch on) in on | yes | 1) watch=' --watch' ;; *) watch= ;; esac

for side in status-left status-right; do
    current=$(tmux show-option -gqv "$side")
    columns=$(needed "$current")
    [ "$columns" -gt 0 ] || continue
    tmux set-option -gq "$side" "$(filled "$current")"
    length=$(tmux show-option -gqv "$side-length")
    wanted=$((columns + $(option @codingplan_other_columns 30)))
    [ "${length:-0}" -ge "$wanted" ] || tmux set-option -gq "$side-length" "$wanted"
done
