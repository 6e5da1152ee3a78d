#!/bin/sh
# codingplan-bar for tmux, as a plugin of TPM: puts its commands where the status line has the placeholders
# #{codingplan}, #{codingplan_5h}, #{codingplan_week} and #{codingplan_month}.

option() { # NAME DEFAULT
    value=$(tmux show-option -gqv "$1")
    printf '%s' "${value:-$2}"
}

put() { # PLACEHOLDER COLUMNS TEXT: the text for each one in $text; its columns are added to $columns
    done=
    while :; do
        case $text in *"$1"*) ;; *) break ;; esac
        done="$done${text%%"$1"*}$3"
        text=${text#*"$1"}
        columns=$((columns + $2))
    done
    text=$done$text
}

lengthen() { # SIDE COLUMNS: tmux cuts what is longer; a length that suffices stays as it is
    length=$(tmux show-option -gqv "$1-length")
    [ "${length:-0}" -ge "$2" ] || tmux set-option -gq "$1-length" "$2"
}

# In a variable, whatever the path holds has no meaning to tmux or the shell.
tmux set-environment -g CODINGPLAN_COMMAND "$(option @codingplan_command codingplan-bar)"
case $(option @codingplan_watch on) in on | yes | 1) watch=' --watch' ;; *) watch= ;; esac
job() { # SETTING: what the command shows with it
    printf '%s' "#($1\"\$CODINGPLAN_COMMAND\" tmux$watch)"
}
# Where a client is narrow, the window that stops first alone; tmux before 3.2 cannot compare, and shows all.
narrow=$(option @codingplan_narrow 100)
all="#{?#{e|<:#{client_width},$narrow},$(job 'CODINGPLAN_BAR_FORMAT=minimal '),$(job '')}"

for place in status-left status-right 'status-format[0]' 'status-format[1]' 'status-format[2]'; do
    text=$(tmux show-option -gqv "$place") columns=0
    put '#{codingplan}' 64 "$all"
    put '#{codingplan_5h}' 40 "$(job 'CODINGPLAN_BAR_WINDOWS=five_hour ')"
    put '#{codingplan_week}' 40 "$(job 'CODINGPLAN_BAR_WINDOWS=weekly ')"
    put '#{codingplan_month}' 40 "$(job 'CODINGPLAN_BAR_WINDOWS=monthly ')"
    [ "$columns" -gt 0 ] || continue
    tmux set-option -gq "$place" "$text"
    case $place in
        status-left | status-right) lengthen "$place" $((columns + $(option @codingplan_other_columns 30))) ;;
    esac
done
