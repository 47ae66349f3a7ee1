# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion of kexec for bash, loaded by bash-completion. A test holds it against the
# program's own table of options.

_kexec_options="-h -v -l -p -u -e -f -S -d -x -y -s -c -a -t
	--help --version --load --load-panic --unload --exec --force --status
	--print-ckr-size --check --plan --plan=json --console-serial --serial --debug
	--no-ifdown --no-sync --reuse-cmdline --reuseinitrd --load-preserve-context
	--hotplug --no-cma --force-dtb --noefi --append --command-line --initrd --ramdisk
	--dtb --kexec-file-syscall --kexec-syscall --kexec-syscall-auto --type --mem-min
	--mem-max"

_kexec() {
	local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local value=

	COMPREPLY=()
	if [ "$current" = = ]; then
		current='' value=1
	elif [ "$before" = = ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]} value=1
	fi
	case $before in
	-t | --type)
		mapfile -t COMPREPLY < <(compgen -W "bzImage vmlinux Image zbi" -- "$current")
		return
		;;
	--serial)
		mapfile -t COMPREPLY < <(compgen -W "ttyS0 ttyS1 ttyS2 ttyS3" -- "$current")
		return
		;;
	--append | --command-line | --mem-min | --mem-max)
		return
		;;
	--initrd | --ramdisk | --dtb) ;;
	*)
		# the only value that has to stand behind a "="
		if [ "$before" = --plan ] && [ "$value" ]; then
			mapfile -t COMPREPLY < <(compgen -W json -- "$current")
			return
		fi
		if [ "${current#-}" != "$current" ]; then
			mapfile -t COMPREPLY < <(compgen -W "$_kexec_options" -- "$current")
			return
		fi
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -f -- "$current")
	compopt -o filenames 2>/dev/null
}

complete -F _kexec kexec
