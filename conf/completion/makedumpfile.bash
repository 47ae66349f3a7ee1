# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion of makedumpfile for bash, loaded by bash-completion. A test holds it against
# the program's own table of options.

_makedumpfile_options="-c -l -p -z -d -L -E -F -R -b -e -x -i -g -D -f -h -v
	--uncompressed --split --splitblock-size --reassemble --num-threads --cyclic-buffer
	--work-dir --non-mmap --config --dump-dmesg --partial-dmesg --mem-usage --vtop
	--message-level --show-stats --check-params --dry-run --help --level --threads
	--memory --json --time-budget --exclude --info --verify --salvage --diff --mini"

_makedumpfile() {
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}

	COMPREPLY=()
	if [ "$current" = = ]; then
		current=
	elif [ "$before" = = ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $before in
	--work-dir)
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return
		;;
	--exclude)
		mapfile -t COMPREPLY < <(compgen -W "zram guest gpu" -- "$current")
		return
		;;
	--threads | --num-threads)
		mapfile -t COMPREPLY < <(compgen -W auto -- "$current")
		return
		;;
	-d | -L | -b | --splitblock-size | --cyclic-buffer | --vtop | --message-level | \
		--level | --memory | --time-budget)
		return # a number
		;;
	-x | -i | -g | --config) ;;
	*)
		if [ "${current#-}" != "$current" ]; then
			mapfile -t COMPREPLY < <(compgen -W "$_makedumpfile_options" -- "$current")
			return
		fi
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -f -- "$current")
	compopt -o filenames 2>/dev/null
}

complete -F _makedumpfile makedumpfile
