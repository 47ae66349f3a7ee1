# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion of kdumpctl for bash: the program's own help says what there is, so that this
# cannot fall behind it. Loaded by bash-completion.

# Commands, or with one its options; a "=" stands behind those with a value.
_kdumpctl_words() {
	if [ -n "$1" ]; then
		kdumpctl "$1" --help 2>/dev/null | sed -n 's/^  \(--[a-z-]*=\{0,1\}\).*/\1/p'
		echo --help
	else
		kdumpctl --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p'
	fi
}

_kdumpctl() {
	local word command= current=${COMP_WORDS[COMP_CWORD]}
	local before=${COMP_WORDS[COMP_CWORD - 1]}

	COMPREPLY=()
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		-* | =) ;;
		*)
			command=$word
			break
			;;
		esac
	done
	[ "$current" != = ] || current=
	if [ "$before" = = ] || [ "${COMP_WORDS[COMP_CWORD]}" = = ]; then
		[ "$before" != = ] || before=${COMP_WORDS[COMP_CWORD - 2]}
		case $before in
		--kernel)
			mapfile -t COMPREPLY < <(compgen -W "ALL DEFAULT" -f -- "$current")
			;;
		--fadump)
			mapfile -t COMPREPLY < <(compgen -W "on off nocma" -- "$current")
			;;
		*)
			mapfile -t COMPREPLY < <(compgen -f -- "$current")
			;;
		esac
	elif [ -z "$command" ] && [ "${current#-}" != "$current" ]; then
		mapfile -t COMPREPLY < <(compgen -W "--help --version" -- "$current")
	elif [ -z "$command" ] || [ "${current#-}" != "$current" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_kdumpctl_words "$command")" -- "$current")
	fi
	case ${COMPREPLY[0]-} in
	*=) compopt -o nospace 2>/dev/null ;;
	esac
}

complete -F _kdumpctl kdumpctl
